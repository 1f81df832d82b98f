using AkkaScale.Tests.Verdict;
using Xunit;

namespace AkkaScale.Tests.Unit.Verdict;

/// <summary>On histories so small that every order can be tried, the judge says what trying says.</summary>
public sealed class EveryOrderTests
{
    [Fact]
    public void A_history_is_clean_exactly_if_some_order_explains_it()
    {
        var random = new Random(7);
        var (clean, broken) = (0, 0);
        for (var round = 0; round < 20_000; round++)
        {
            var (history, steps) = Any(random);
            var explained = IsExplained(steps, 0, 0, new bool[steps.Length]);
            Assert.True(
                explained == Judge.Of(history)[Invariant.Linearizable].Holds,
                $"round {round}: {(explained ? "an order" : "no order")} explains {string.Join("; ", steps)}");
            _ = explained ? clean++ : broken++;
        }

        Assert.True(clean > 2_000 && broken > 2_000, $"{clean} clean and {broken} broken histories are too one-sided.");
    }

    /// <summary>Up to six operations at random times; commands in some order, one perhaps unknown, reads of any version there is.</summary>
    private static (History, Step[]) Any(Random random)
    {
        var story = new Story();
        var steps = new List<Step>();
        var writes = random.Next(1, 4);
        for (var version = 1; version <= writes; version++)
        {
            story.Row($"{version}", version);
            var (call, end) = Times(random);
            var isUnknown = random.Next(6) == 0;
            story.Write($"{version}", call, end, isUnknown ? null : version, isUnknown ? OperationStatus.Timeout : OperationStatus.Ok);
            steps.Add(new(true, version, call, isUnknown ? long.MaxValue : end));
        }

        for (var reads = random.Next(1, 4); reads > 0; reads--)
        {
            var (call, end) = Times(random);
            var version = random.Next(writes + 1);
            story.Read(call, end, version);
            steps.Add(new(false, version, call, end));
        }

        return (story.End(), [.. steps]);
    }

    private static (long Call, long Return) Times(Random random)
    {
        var call = random.Next(20);
        return (call, call + random.Next(12));
    }

    /// <summary>Whether what is left can follow a state of this version: next is what nobody had to wait for, and what fits.</summary>
    private static bool IsExplained(Step[] steps, int done, long version, bool[] taken)
    {
        if (done == steps.Length)
        {
            return true;
        }

        var firstReturn = long.MaxValue;
        for (var index = 0; index < steps.Length; index++)
        {
            firstReturn = taken[index] ? firstReturn : Math.Min(firstReturn, steps[index].Return);
        }

        for (var index = 0; index < steps.Length; index++)
        {
            var step = steps[index];
            if (taken[index] || step.Call > firstReturn || step.Version != (step.IsWrite ? version + 1 : version))
            {
                continue;
            }

            taken[index] = true;
            if (IsExplained(steps, done + 1, step.Version, taken))
            {
                return true;
            }

            taken[index] = false;
        }

        return false;
    }

    private readonly record struct Step(bool IsWrite, long Version, long Call, long Return);
}
