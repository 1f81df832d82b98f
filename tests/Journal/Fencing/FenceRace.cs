using System.Collections.Concurrent;
using System.Collections.Immutable;
using Akka.Actor;
using Akka.Persistence;
using AkkaScale.Tests.Journal.Conformance;
using AkkaScale.Tests.Journal.Plugins;
using AkkaScale.Tests.Support;

namespace AkkaScale.Tests.Journal.Fencing;

/// <summary>
/// A lease is taken away from a node that appends under it as fast as it can. What the taker sees in a statement that begins after its
/// takeover committed must be all that the old epoch ever wrote: the next owner recovers from just that.
/// </summary>
internal sealed class FenceRace(FencedNode node, ILeaseTaker taker)
{
    public const string Lease = "raced";

    public const string OtherLease = "left-alone";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly ConcurrentDictionary<string, long> _next = new();
    private readonly SemaphoreSlim _written = new(0);
    private readonly ConcurrentQueue<(string Lease, long Epoch)> _lost = new();

    /// <summary>Rounds in which an event of the old epoch came after the takeover.</summary>
    public int LateRounds { get; private set; }

    public long Events => _next.Values.Sum(next => next - 1);

    public async Task RunAsync(int rounds, bool stopsAtFirst)
    {
        node.Book.LeaseLost += (lease, epoch) => _lost.Enqueue((lease, epoch));
        node.Book.Hold(OtherLease, await taker.TakeAsync(OtherLease, node.Book.Owner));
        using var end = new CancellationTokenSource();
        var others = Enumerable.Range(0, 4).Select(number => AppendAsync($"{OtherLease}/{number}", end.Token)).ToList();
        for (var round = 0; round < rounds && !(stopsAtFirst && LateRounds > 0); round++)
        {
            await RoundAsync(round);
        }

        await end.CancelAsync();
        Assert.All(await Task.WhenAll(others), refused => Assert.False(refused, "A write under a lease that nobody took has failed."));
    }

    private async Task RoundAsync(int round)
    {
        var epoch = await taker.TakeAsync(Lease, node.Book.Owner);
        node.Book.Hold(Lease, epoch);
        while (await _written.WaitAsync(TimeSpan.Zero))
        {
            // What was counted before this round.
        }

        using var stop = new CancellationTokenSource();
        var appends = Task.WhenAll(Enumerable.Range(0, 12).Select(number => AppendAsync($"{Lease}/{number}", stop.Token)));
        for (var written = 0; written <= round * 7919 % 30; written++)
        {
            Assert.True(await _written.WaitAsync(Patience), "Nothing was written.");
        }

        var seen = await taker.TakeAndCountAsync(Lease, "node-b", epoch);
        await Until.TrueAsync(
            async () => appends.IsCompleted || await taker.CountAsync(Lease, epoch) != seen, "the appends of the old epoch ended",
            Patience);
        await stop.CancelAsync();
        var refused = await appends.WaitAsync(Patience);
        if (await taker.CountAsync(Lease, epoch) != seen)
        {
            LateRounds++;
            return;
        }

        // The write that was refused is how this node learns of it; told once a slice, and never of a lease that was not lost.
        Assert.All(refused, each => Assert.True(each, "An entity was not told that its write was refused."));
        await Until.TrueAsync(() => !_lost.IsEmpty, "the node was told that its lease is lost");
        Assert.All(_lost, each => Assert.Equal((Lease, epoch), each));
        _lost.Clear();
    }

    /// <summary>Appends until it fails or is cancelled; true when it failed.</summary>
    private async Task<bool> AppendAsync(string id, CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            var number = _next.GetOrAdd(id, 1);
            var items = ImmutableList.Create<IPersistentRepresentation>(
                new Persistent(new Noted($"event {number}"), number, id, sender: ActorRefs.NoSender));
            var answer = await node.Journal.Ask<object>(
                replyTo => new WriteMessages([new AtomicWrite(items)], replyTo, 1), Patience, CancellationToken.None);
            if (answer is not WriteMessagesSuccessful)
            {
                Assert.IsType<WriteMessagesFailed>(answer);
                return true;
            }

            _next[id] = number + 1;
            _written.Release();
        }

        return false;
    }
}
