namespace AkkaScale.Tests.Verdict.Checks;

/// <summary>I5: a command takes effect once; whoever asks it again gets the first answer; what was refused, or changed nothing, never takes effect.</summary>
internal static class OnceOnlyCheck
{
    /// <summary>The key belongs to another command: no answer to this one.</summary>
    private const string PayloadDiffers = "idempotency/payload-differs";

    public static void Run(HistoryIndex index, Findings findings)
    {
        foreach (var entity in index.Entities)
        {
            foreach (var operation in entity.Operations)
            {
                if (index.CommandOf(operation) is { } command && ReferenceEquals(command.First, operation))
                {
                    findings.Checked++;
                    CheckEffect(entity, command, findings);
                    if (command.IsRepeated)
                    {
                        CheckAnswers(entity, command, findings);
                    }
                }
            }
        }
    }

    private static void CheckEffect(EntityHistory entity, Command command, Findings findings)
    {
        if (command.FirstRow is not { } first || command.LastRow is not { } last)
        {
            CheckStored(entity, command, findings);
            return;
        }

        if (command.AnswerRow is { } answered)
        {
            findings.Add(
                $"A command of {entity.Name} took effect at version {first.Version}, and the journal has an answer without effect to it.",
                entity.Name, command.All, [first, answered]);
        }

        if (command.StrayRow is { } stray)
        {
            findings.Add($"One command took effect on {first.Entity} and on {stray.Entity}.", entity.Name, command.All, [first, stray]);
        }
        else if (last.Version - first.Version + 1 != command.RowCount || first.Epoch != last.Epoch)
        {
            // Events of one command are written at once, so they follow one another.
            findings.Add(
                $"A command of {entity.Name} took effect more than once: at version {first.Version} and at {last.Version}.", entity.Name, command.All, [first, last]);
        }

        foreach (var answer in command.All)
        {
            if (answer is { IsAnswered: true, Status: OperationStatus.Refused or OperationStatus.Unchanged, Code: not PayloadDiffers })
            {
                findings.Add(
                    $"A command that {entity.Name} {Said(answer)} took effect at version {first.Version}.",
                    entity.Name, [answer], [first]);
                return;
            }
        }
    }

    /// <summary>What was told without an event must be stored: otherwise a repeat would be decided anew.</summary>
    private static void CheckStored(EntityHistory entity, Command command, Findings findings)
    {
        if (command.AnswerRow is null && command.Answered is { Status: not OperationStatus.Ok, Code: not PayloadDiffers } answer)
        {
            findings.Add($"A command that {entity.Name} {Said(answer)} has no answer in the journal.", entity.Name, [answer]);
        }
    }

    private static string Said(Operation answer) => answer.Status == OperationStatus.Refused ? "refused" : "said to change nothing";

    private static void CheckAnswers(EntityHistory entity, Command command, Findings findings)
    {
        Operation? first = null;
        foreach (var answer in command.All.Where(answer => answer is { IsAnswered: true, Code: not PayloadDiffers }).OrderBy(answer => answer.Return))
        {
            first ??= answer;
            if ((answer.Status, answer.Code, answer.Version) != (first.Status, first.Code, first.Version))
            {
                findings.Add(
                    $"A command of {entity.Name} was answered {HistoryWords.Of(first.Status)} at version {first.Version}, and {HistoryWords.Of(answer.Status)} at version {answer.Version} when it was asked again.",
                    entity.Name, [first, answer]);
                return;
            }
        }
    }
}
