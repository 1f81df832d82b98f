namespace AkkaScale.Tests.Verdict.Checks;

/// <summary>
/// I4 by versions. A version says where in the entity's order an operation took effect; that order is a linearization exactly if it
/// agrees with real time: what was asked after an answer came is not before it. A command has to be after it.
/// </summary>
internal static class OrderCheck
{
    public static void Run(HistoryIndex index, Findings findings)
    {
        var steps = new List<Step>();
        foreach (var entity in index.Entities)
        {
            steps.Clear();
            foreach (var operation in entity.Operations)
            {
                if (StepOf(index, operation) is { } step)
                {
                    steps.Add(step);
                }
            }

            findings.Checked += steps.Count;
            CheckStates(index, entity, steps, findings);
            CheckWrites(entity, steps, findings);
            CheckTime(entity, [.. steps], findings);
        }
    }

    /// <summary>Null for what says nothing: a read without an answer, a command that never took effect, a copy of one that is counted already.</summary>
    private static Step? StepOf(HistoryIndex index, Operation operation)
    {
        if (index.CommandOf(operation) is not { } command)
        {
            return operation is { IsAnswered: true, Version: { } version, Return: { } end } ? new(operation, version, version, operation.Call, end, false) : null;
        }

        if (!ReferenceEquals(operation, command.First))
        {
            return null;
        }

        if (command.Answered is { Version: { } answered, Return: { } heard } answer)
        {
            // A command of several events takes effect from the first of them.
            var events = answer.IsAcknowledgedWrite && command.LastRow?.Version == answered ? command.RowCount : 1;
            return answer.IsAcknowledgedWrite
                ? new(answer, answered - events + 1, answered, operation.Call, heard, true)
                : new(answer, answered, answered, operation.Call, heard, false);
        }

        // Nobody heard of it: it may have taken effect at any time after it was asked, and is never known to have ended.
        return command is { Answered: null, FirstRow: { } first, LastRow: { } last } && first.Entity == operation.Entity
            ? new(operation, first.Version, last.Version, operation.Call, long.MaxValue, true)
            : null;
    }

    /// <summary>What was read must be a state that the entity had between two commands.</summary>
    private static void CheckStates(HistoryIndex index, EntityHistory entity, List<Step> steps, Findings findings)
    {
        foreach (var step in steps)
        {
            if (step.IsWrite)
            {
                continue;
            }

            if (step.Version > entity.Head)
            {
                findings.Add(
                    $"{entity.Name} showed version {step.Version}; its journal ends at {entity.Head}.", entity.Name, [step.Operation], [.. entity.Events.TakeLast(1)]);
            }
            else if (entity.At(step.Version) is { CommandId: { } id } row && index.Commands.ContainsKey(id)
                && entity.At(step.Version + 1) is { } next && next.CommandId == id)
            {
                findings.Add(
                    $"{entity.Name} showed version {step.Version}, which is half of a command that goes on to {next.Version}.",
                    entity.Name, [step.Operation], [row, next]);
            }
        }
    }

    private static void CheckWrites(EntityHistory entity, List<Step> steps, Findings findings)
    {
        Step? before = null;
        foreach (var write in steps.Where(step => step.IsWrite).OrderBy(step => step.Version).ThenBy(step => step.Lowest))
        {
            if (before is { } other && write.Lowest <= other.Version)
            {
                findings.Add(
                    $"Two commands of {entity.Name} have version {Math.Min(write.Version, other.Version)}.", entity.Name, [other.Operation, write.Operation]);
            }

            before = write;
        }
    }

    private static void CheckTime(EntityHistory entity, Step[] byCall, Findings findings)
    {
        Array.Sort(byCall, static (one, other) => one.Call.CompareTo(other.Call));
        Step[] byReturn = [.. byCall];
        Array.Sort(byReturn, static (one, other) => one.Return.CompareTo(other.Return));
        var ended = 0;
        Step? latest = null;
        foreach (var step in byCall)
        {
            for (; ended < byReturn.Length && byReturn[ended].Return < step.Call; ended++)
            {
                latest = latest is null || byReturn[ended].Version > latest.Value.Version ? byReturn[ended] : latest;
            }

            if (latest is not { } known)
            {
                continue;
            }

            if (step.IsWrite && step.Lowest <= known.Version)
            {
                findings.Add(
                    $"A command of {entity.Name} took version {step.Lowest} although version {known.Version} was known before it was asked.",
                    entity.Name, [known.Operation, step.Operation], [.. new[] { entity.At(step.Lowest) }.OfType<JournalRow>()]);
            }
            else if (!step.IsWrite && step.Version < known.Version)
            {
                findings.Add(
                    $"{entity.Name} showed version {step.Version} to someone who asked after version {known.Version} was known.",
                    entity.Name, [known.Operation, step.Operation]);
            }
        }
    }

    /// <param name="Operation">That got the answer; without one, that asked.</param>
    /// <param name="Lowest">Of its events; for a read its version.</param>
    /// <param name="Version">Known to all once it has returned.</param>
    private readonly record struct Step(Operation Operation, long Lowest, long Version, long Call, long Return, bool IsWrite);
}
