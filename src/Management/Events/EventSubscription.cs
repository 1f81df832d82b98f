using System.Threading.Channels;

namespace AkkaScale.Management.Events;

/// <summary>One listener: what it has not read yet, up to a bound, beyond which it is told so and ends.</summary>
internal sealed class EventSubscription(EventFilter filter, Action<EventSubscription> leave) : IDisposable
{
    public const int Bound = 1_024;

    private readonly Channel<ClusterEvent> _waiting =
        Channel.CreateBounded<ClusterEvent>(new BoundedChannelOptions(Bound) { SingleReader = true });

    /// <summary>Ends when the hub has no more, or when this listener was too slow: <see cref="Overflow"/> is what it gets last then.</summary>
    public ChannelReader<ClusterEvent> Events => _waiting.Reader;

    /// <summary>What could not be kept; null: all was.</summary>
    public Overflow? Overflow { get; private set; }

    public bool Wants(string type) => filter.Includes(type);

    /// <summary>False: it will get no more.</summary>
    public bool Offer(ClusterEvent happened)
    {
        if (!Wants(happened.Type) && happened is not CurrentClusterState)
        {
            return true;
        }

        if (_waiting.Writer.TryWrite(happened))
        {
            return true;
        }

        Overflow ??= new Overflow(happened.At);
        End();
        return false;
    }

    public void End() => _waiting.Writer.TryComplete();

    public void Dispose() => leave(this);
}
