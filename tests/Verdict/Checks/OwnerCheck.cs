namespace AkkaScale.Tests.Verdict.Checks;

/// <summary>
/// I3: a (shard, epoch) belongs to one node, in the journal and in answers; epochs grow along a shard's positions; and nobody is
/// answered under an epoch that was over when he asked.
/// </summary>
internal static class OwnerCheck
{
    public static void Run(HistoryIndex index, Findings findings)
    {
        var owners = new Dictionary<(int Shard, long Epoch), (string Node, Operation? Answer, JournalRow? Row)>();
        var blamed = new HashSet<(int, long, string)>();
        foreach (var shard in index.History.Journal.GroupBy(row => row.Shard).OrderBy(rows => rows.Key))
        {
            JournalRow? before = null;
            foreach (var row in shard.OrderBy(row => row.Position))
            {
                findings.Checked++;
                if (before is not null && row.Epoch < before.Epoch)
                {
                    findings.Add(
                        $"Shard {shard.Key} has epoch {row.Epoch} at position {row.Position}, after epoch {before.Epoch} at position {before.Position}.",
                        row.Entity, rows: [before, row]);
                }

                before = row;
                if (row.Node is { } node)
                {
                    Claim(owners, blamed, row.Shard, row.Epoch, node, null, row, findings);
                }
            }
        }

        foreach (var shard in index.Entities.Where(entity => entity.Shard is not null).GroupBy(entity => entity.Shard!.Value))
        {
            Operation[] answers = [.. shard.SelectMany(entity => entity.Operations).Where(operation => operation is { IsAnswered: true, Epoch: not null })];
            Array.Sort(answers, static (one, other) => one.Call.CompareTo(other.Call));
            findings.Checked += answers.Length;
            foreach (var answer in answers)
            {
                if (answer.Node is { } node)
                {
                    Claim(owners, blamed, shard.Key, answer.Epoch!.Value, node, answer, null, findings);
                }
            }

            CheckTime(shard.Key, answers, findings);
        }
    }

    /// <summary>Whoever asks after an answer under a later epoch has come must not be answered under an earlier one.</summary>
    private static void CheckTime(int shard, Operation[] byCall, Findings findings)
    {
        Operation[] byReturn = [.. byCall];
        Array.Sort(byReturn, static (one, other) => one.Return!.Value.CompareTo(other.Return!.Value));
        Operation? latest = null;
        var ended = 0;
        foreach (var answer in byCall)
        {
            for (; byReturn[ended].Return < answer.Call; ended++)
            {
                latest = latest is null || byReturn[ended].Epoch > latest.Epoch ? byReturn[ended] : latest;
            }

            if (latest is not null && answer.Epoch < latest.Epoch)
            {
                findings.Add(
                    $"Shard {shard} answered under epoch {answer.Epoch} what was asked after an answer under epoch {latest.Epoch} had come: a past owner served.",
                    answer.Entity, [latest, answer]);
            }
        }
    }

    private static void Claim(
        Dictionary<(int, long), (string Node, Operation? Answer, JournalRow? Row)> owners, HashSet<(int, long, string)> blamed, int shard, long epoch, string node,
        Operation? answer, JournalRow? row, Findings findings)
    {
        if (owners.TryAdd((shard, epoch), (node, answer, row)))
        {
            return;
        }

        // Once for each other node: all that it answered would say the same.
        var first = owners[(shard, epoch)];
        if (first.Node != node && blamed.Add((shard, epoch, node)))
        {
            findings.Add(
                $"Epoch {epoch} of shard {shard} had two owners: {first.Node} and {node}.",
                (answer?.Entity ?? row?.Entity)!,
                [.. new[] { first.Answer, answer }.OfType<Operation>()],
                [.. new[] { first.Row, row }.OfType<JournalRow>()]);
        }
    }
}
