using System.Diagnostics;
using System.Text.Json.Serialization;
using AkkaScale.Entities;

namespace AkkaScale.Tests.StuckNode;

/// <summary>Counts pokes, and misbehaves as it is told.</summary>
public sealed record Sticky(int Pokes)
{
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(10);

    private static int _releases;

    public static IEntityKind Kind { get; } = EntityKind.Define<Sticky, StickyCommand, StickyEvent>("sticky", new Sticky(0), Decide, Evolve);

    /// <summary>Those of this process that spin let go.</summary>
    public static void Release() => Interlocked.Increment(ref _releases);

    private static Decision<StickyEvent> Decide(Sticky sticky, StickyCommand command)
    {
        var poke = (Poke)command;
        var releases = Volatile.Read(ref _releases);
        for (var begun = Stopwatch.GetTimestamp(); poke.Spins && releases == Volatile.Read(ref _releases) && Stopwatch.GetElapsedTime(begun) < Longest;)
        {
            Thread.SpinWait(1_000);
        }

        return poke.Throws ? throw new InvalidOperationException("It was told to throw.") : new Poked();
    }

    private static Sticky Evolve(Sticky sticky, StickyEvent happened) => new(sticky.Pokes + 1);
}

[JsonDerivedType(typeof(Poke), "poke")]
public abstract record StickyCommand;

public sealed record Poke(bool Spins, bool Throws) : StickyCommand;

[JsonDerivedType(typeof(Poked), "poked")]
public abstract record StickyEvent;

public sealed record Poked : StickyEvent;
