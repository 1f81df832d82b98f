using AkkaScale.Tests.Verdict.Checks;

namespace AkkaScale.Tests.Verdict;

/// <summary>
/// Holds a history against what the product promises. What makes that cheap is that answers carry versions: the order in which
/// operations took effect is known, and has only to be held against real time. O(n log n) in operations and events.
/// </summary>
public static class Judge
{
    /// <param name="fold">What reads should have shown; null leaves their values unchecked.</param>
    public static Judgement Of(History history, IEntityFold? fold = null, JudgeOptions? options = null)
    {
        options ??= new JudgeOptions();
        var index = new HistoryIndex(history);
        var findings = Enum.GetValues<Invariant>().Select(invariant => new Findings(invariant, options.KeptFindings)).ToArray();
        AcknowledgementCheck.Run(index, findings[(int)Invariant.Acknowledged]);
        JournalCheck.Run(index, findings[(int)Invariant.Sequence]);
        OwnerCheck.Run(index, findings[(int)Invariant.Owner]);
        OrderCheck.Run(index, findings[(int)Invariant.Linearizable]);
        if (fold is not null)
        {
            ValueCheck.Run(index, fold, findings[(int)Invariant.Linearizable]);
        }

        OnceOnlyCheck.Run(index, findings[(int)Invariant.OnceOnly]);
        Fault[] faults = [.. history.Faults.OrderBy(fault => fault.Begin)];
        var effects = EffectCheck.Run(faults, history.Effects, findings[(int)Invariant.EffectSeen]);
        var outcomes = new RecoveryCheck(faults, options.Aftermath)
            .Run(index, effects, (long?)options.RecoveryBound?.TotalMicroseconds, findings[(int)Invariant.Recovery]);
        return new Judgement([.. findings.Select(one => one.Verdict())], outcomes, Count(index));
    }

    private static OperationCounts Count(HistoryIndex index)
    {
        var (reads, acknowledged, refused, unchanged, failedReads, unknown, inJournal) = (0L, 0L, 0L, 0L, 0L, 0L, 0L);
        foreach (var operation in index.History.Operations)
        {
            switch (operation)
            {
                case { Kind: OperationKind.Read, IsAnswered: true }: reads++; break;
                case { Kind: OperationKind.Read }: failedReads++; break;
                case { IsAnswered: false }:
                    unknown++;
                    inJournal += index.CommandOf(operation)?.FirstRow is null ? 0 : 1;
                    break;
                case { Status: OperationStatus.Refused }: refused++; break;
                case { Status: OperationStatus.Unchanged }: unchanged++; break;
                default: acknowledged++; break;
            }
        }

        return new(reads, acknowledged, refused, unchanged, failedReads, unknown, inJournal);
    }
}
