using AkkaScale.LegacyCluster.Membership;

namespace AkkaScale.LegacyCluster.Transport;

/// <summary>Incarnations that were members and are none any more, the latest so many. None of them ever comes back: a process that joins again is another one.</summary>
internal sealed class GoneIncarnations
{
    /// <summary>More than a cluster loses while anybody of the old ones still runs.</summary>
    public const int Bound = 1_024;

    private readonly HashSet<Incarnation> _gone = [];
    private readonly Queue<Incarnation> _order = new();

    public void Add(Incarnation incarnation)
    {
        if (!_gone.Add(incarnation))
        {
            return;
        }

        _order.Enqueue(incarnation);
        if (_order.Count > Bound)
        {
            _gone.Remove(_order.Dequeue());
        }
    }

    public bool Contains(Incarnation incarnation) => _gone.Contains(incarnation);
}
