using AkkaScale.Tests.Verdict;

namespace AkkaScale.Tests.Unit.Verdict;

/// <summary>Ways in which a correct history can be made wrong at a random place, each with the invariant that it then breaks.</summary>
internal static class PlantedViolations
{
    public static IReadOnlyDictionary<string, (Invariant Invariant, Func<History, Random, History> Make)> All { get; } =
        new Dictionary<string, (Invariant, Func<History, Random, History>)>
        {
            ["an acknowledged command lost"] = (Invariant.Acknowledged, LoseAcknowledged),
            ["another command in its place"] = (Invariant.Acknowledged, ReplaceCommand),
            ["an event missing"] = (Invariant.Sequence, LoseEvent),
            ["an event written by an owner of before"] = (Invariant.Sequence, OldEpoch),
            ["one event by another node"] = (Invariant.Owner, AnotherNode),
            ["an epoch that the lease never had"] = (Invariant.Owner, UnknownEpoch),
            ["an event without a lease"] = (Invariant.Owner, Unfenced),
            ["an event under another lease"] = (Invariant.Sequence, AnotherLease),
            ["a version that does not count the events"] = (Invariant.Sequence, AnotherVersion),
            ["a read one version behind"] = (Invariant.Linearizable, StaleRead),
            ["a command that took effect before it was asked"] = (Invariant.Linearizable, AskedTooLate),
            ["a read that shows something else"] = (Invariant.Linearizable, WrongValue),
            ["a refused command with effect"] = (Invariant.OnceOnly, RefusedWithEffect),
            ["a command with effect twice"] = (Invariant.OnceOnly, Twice),
            ["a refusal that is not stored"] = (Invariant.OnceOnly, LoseAnswer),
            ["a retry with another version"] = (Invariant.OnceOnly, AnotherAnswer),
        };

    private static History LoseAcknowledged(History history, Random random)
    {
        var ids = history.Operations.Where(operation => operation.IsAcknowledgedWrite).Select(operation => operation.CommandId).ToHashSet();
        var row = Pick(history.Journal, random, row => row.IsEvent && ids.Contains(row.CommandId));
        return history with { Journal = [.. history.Journal.Where(other => other != row)] };
    }

    private static History ReplaceCommand(History history, Random random)
    {
        var write = Pick(history.Operations, random, operation => operation.IsAcknowledgedWrite);
        return Rows(history, row => row.CommandId == write.CommandId, row => row with { CommandId = Guid.Empty });
    }

    private static History LoseEvent(History history, Random random)
    {
        var lost = Pick(history.Journal, random, row => !IsLastOfEntity(history, row));
        return history with { Journal = [.. history.Journal.Where(row => row != lost)] };
    }

    private static History OldEpoch(History history, Random random)
    {
        var row = Pick(history.Journal, random, row => row.Sequence > 1);
        return Rows(history, other => other == row, other => other with { Epoch = 0 });
    }

    private static History AnotherNode(History history, Random random)
    {
        var shared = history.Journal.CountBy(row => (row.Lease, row.Epoch)).Where(pair => pair.Value > 1).Select(pair => pair.Key).ToHashSet();
        var row = Pick(history.Journal, random, row => shared.Contains((row.Lease, row.Epoch)));
        return Rows(history, other => other == row, other => other with { Node = "node-9" });
    }

    private static History UnknownEpoch(History history, Random random) => Row(history, random, row => row with { Epoch = 1_000_000 });

    private static History Unfenced(History history, Random random) => Row(history, random, row => row with { Lease = null });

    private static History AnotherLease(History history, Random random)
    {
        var row = Pick(history.Journal, random, row => row.Sequence > 1);
        return Rows(history, other => other == row, other => other with { Lease = "shard-99" });
    }

    private static History AnotherVersion(History history, Random random) => Row(history, random, row => row with { Version = row.Version + 1 });

    private static History LoseAnswer(History history, Random random)
    {
        var refused = Pick(history.Operations, random, operation => operation.Status == OperationStatus.Refused);
        return history with { Journal = [.. history.Journal.Where(row => row.CommandId != refused.CommandId)] };
    }

    private static History StaleRead(History history, Random random)
    {
        var read = Pick(history.Operations, random, operation => operation is { Kind: OperationKind.Read, IsAnswered: true } && Known(history, operation) > 0);
        var stale = Known(history, read) - 1;
        return Operations(history, read, read with { Version = stale, Value = $"{stale}" });
    }

    private static History AskedTooLate(History history, Random random)
    {
        var repeated = history.Operations.GroupBy(operation => operation.CommandId).Where(copies => copies.Count() > 1).Select(copies => copies.Key).ToHashSet();
        var write = Pick(history.Operations, random, operation => operation.IsAcknowledgedWrite && !repeated.Contains(operation.CommandId) && history.Operations.Any(
            other => other.Entity == operation.Entity && other.IsAnswered && other.Version > operation.Version));
        var late = history.Operations.Where(other => other.Entity == write.Entity && other.IsAnswered && other.Version > write.Version).Min(other => other.Return!.Value);
        return Operations(history, write, write with { Call = late + 1, Return = late + 2 });
    }

    private static History WrongValue(History history, Random random)
    {
        var read = Pick(history.Operations, random, operation => operation is { Kind: OperationKind.Read, IsAnswered: true });
        return Operations(history, read, read with { Value = "something else" });
    }

    private static History RefusedWithEffect(History history, Random random)
    {
        var row = Pick(history.Journal, random, row => row.IsEvent);
        var refused = Pick(history.Operations, random, operation => operation is { Status: OperationStatus.Refused or OperationStatus.Unchanged });
        return Rows(history, other => other == row, other => other with { CommandId = refused.CommandId });
    }

    private static History Twice(History history, Random random)
    {
        var write = Pick(history.Operations, random, operation => operation.IsAcknowledgedWrite && history.Journal.Any(
            row => row.Entity == operation.Entity && row.IsEvent && row.Version > operation.Version + 3));
        var head = history.Journal.Where(row => row.Entity == write.Entity && row.IsEvent).Max(row => row.Version);
        return Rows(history, row => row.Entity == write.Entity && row.IsEvent && row.Version == head, row => row with { CommandId = write.CommandId });
    }

    private static History AnotherAnswer(History history, Random random)
    {
        var firsts = history.Operations.Where(operation => operation.CommandId is not null && operation.IsAnswered)
            .GroupBy(operation => operation.CommandId).Where(copies => copies.Count() > 1).Select(copies => copies.Last()).ToHashSet();
        var copy = Pick(history.Operations, random, firsts.Contains);
        return Operations(history, copy, copy with { Version = copy.Version + 1 });
    }

    /// <summary>The highest version of the entity that had been answered before the operation was called.</summary>
    private static long Known(History history, Operation operation) => history.Operations
        .Where(other => other.Entity == operation.Entity && other.IsAnswered && other.Return < operation.Call)
        .Max(other => other.Version) ?? 0;

    private static bool IsLastOfEntity(History history, JournalRow row) =>
        !history.Journal.Any(other => other.Entity == row.Entity && other.Sequence > row.Sequence);

    private static T Pick<T>(IReadOnlyList<T> all, Random random, Func<T, bool> fits)
    {
        var from = random.Next(all.Count);
        for (var step = 0; step < all.Count; step++)
        {
            if (all[(from + step) % all.Count] is var one && fits(one))
            {
                return one;
            }
        }

        throw new InvalidOperationException("This history has no place for the violation.");
    }

    private static History Operations(History history, Operation old, Operation changed) =>
        history with { Operations = [.. history.Operations.Select(operation => ReferenceEquals(operation, old) ? changed : operation)] };

    private static History Row(History history, Random random, Func<JournalRow, JournalRow> change)
    {
        var row = Pick(history.Journal, random, _ => true);
        return Rows(history, other => other == row, change);
    }

    private static History Rows(History history, Func<JournalRow, bool> which, Func<JournalRow, JournalRow> change) =>
        history with { Journal = [.. history.Journal.Select(row => which(row) ? change(row) : row)] };
}
