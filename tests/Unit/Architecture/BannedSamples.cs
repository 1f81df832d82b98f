using System.Diagnostics;

namespace AkkaScale.Tests.Unit.Architecture;

/// <summary>Every banned use once, in the places where code hides: lambdas, iterators, async methods, nested types. Never run.</summary>
internal static class BannedSamples
{
    private static readonly Func<DateTime> Lambda = () => DateTime.UtcNow;

    public static DateTime Local => Lambda() > DateTime.Today ? DateTime.Now : default;

    public static IEnumerable<DateTimeOffset> Iterator()
    {
        yield return DateTimeOffset.UtcNow;
        yield return DateTimeOffset.Now;
    }

    public static async Task<Guid> Async(CancellationToken cancellationToken)
    {
        await Task.Delay(1);
        await Task.Delay(TimeSpan.Zero, cancellationToken);
        Thread.Sleep(0);
        return Guid.NewGuid();
    }

    internal sealed class Nested
    {
        public long Field = Stopwatch.GetTimestamp() + Random.Shared.Next() + new Random().Next();

        public Guid Id { get; } = Guid.CreateVersion7();
    }
}

/// <summary>Like the banned ones, with the clock and the seed from outside. Never run.</summary>
internal sealed class AllowedSamples(TimeProvider time)
{
    private readonly Random _random = new(1);

    public async Task<Guid> Async(CancellationToken cancellationToken)
    {
        await Task.Delay(TimeSpan.Zero, time, cancellationToken);
        return Guid.CreateVersion7(time.GetUtcNow().AddTicks(_random.Next() + time.GetTimestamp()));
    }
}

internal sealed class WaitingMachine
{
    public object? Step(Task<int> input) => input.Status;
}

internal sealed class TimedMachine(TimeProvider time)
{
    public DateTimeOffset Step() => time.GetUtcNow();
}

internal static class ThreadedMachine
{
    public static int Step() => Thread.CurrentThread.ManagedThreadId;
}

internal static class ChanceMachine
{
    public static int Step(int input) => Enumerable.Range(0, input).Sum(_ => Random.Shared.Next());
}

internal static class PureMachine
{
    public static (int State, string Effect) Step(int state, TimeSpan now) => (state + 1, $"at {now}");
}
