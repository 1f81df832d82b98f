using System.Diagnostics;

namespace AkkaScale.Tests.Store.Model;

/// <summary>Does the same operations on a store and on the model.</summary>
/// <param name="openStore">Makes an empty store.</param>
internal sealed class StoreComparison(Func<Task<StoreParty>> openStore)
{
    private const int OperationsBetweenWholeReadings = 30;

    private static readonly TimeSpan ShrinkingTime = TimeSpan.FromSeconds(45);

    /// <summary>The first difference; null when there is none.</summary>
    public async Task<StoreDifference?> FindAsync(IReadOnlyList<StoreOperation> operations, Situations? situations = null)
    {
        await using var model = StoreParty.OfModel(out _);
        await using var store = await openStore();
        for (var step = 0; step < operations.Count; step++)
        {
            var operation = operations[step];
            var (expected, actual) = (await operation.ApplyAsync(model), await operation.ApplyAsync(store));
            if (expected == actual)
            {
                situations?.Count(operation, expected);
                var isWhole = (step + 1) % OperationsBetweenWholeReadings == 0 || step == operations.Count - 1;
                expected = isWhole ? await StoreState.WholeAsync(model) : await StoreState.AfterAsync(model, operation);
                actual = isWhole ? await StoreState.WholeAsync(store) : await StoreState.AfterAsync(store, operation);
            }

            if (expected != actual)
            {
                return new StoreDifference(step, operation, expected, actual);
            }
        }

        return null;
    }

    /// <summary>As few of the operations as still make a difference, found in a bounded time.</summary>
    public async Task<(List<StoreOperation> Operations, StoreDifference Difference)> ShrinkAsync(
        IReadOnlyList<StoreOperation> operations, StoreDifference difference)
    {
        var started = Stopwatch.GetTimestamp();
        var left = operations.Take(difference.Step + 1).ToList();
        for (var size = left.Count / 2; size > 0; size /= 2)
        {
            for (var from = left.Count - 1 - size; from > -size && Stopwatch.GetElapsedTime(started) < ShrinkingTime; from -= size)
            {
                var (begin, count) = (Math.Max(from, 0), size + Math.Min(from, 0));
                List<StoreOperation> fewer = [.. left.Take(begin), .. left.Skip(begin + count)];
                if (await FindAsync(fewer) is { } still)
                {
                    left = [.. fewer.Take(still.Step + 1)];
                    difference = still;
                    from = Math.Min(from, left.Count - 1);
                }
            }
        }

        return (left, difference);
    }
}
