using AkkaScale.Entities;
using AkkaScale.Sharding.Ports;

namespace AkkaScale.Sharding.Timers;

/// <summary>
/// Which of the timers that are due are delivered now: none that is under way, none that was put off. Pure. Those put off still stand
/// first in the store's order, so that many are read beyond what may be under way: a few that cannot be delivered must not stop the rest.
/// </summary>
internal sealed class TimerAgenda(int mostInFlight)
{
    /// <summary>Beyond it the one that would come soonest is simply tried.</summary>
    public const int MostPutOff = 4_096;

    private readonly HashSet<Key> _inFlight = [];
    private readonly Dictionary<Key, long> _putOff = [];

    public int InFlight => _inFlight.Count;

    /// <summary>How many due timers to read so that everything that may be delivered is among them.</summary>
    public int ReadLimit => mostInFlight + _putOff.Count;

    /// <param name="due">Earliest first.</param>
    /// <param name="now">Monotonic ticks.</param>
    public IReadOnlyList<DueTimer> Take(IReadOnlyList<DueTimer> due, long now)
    {
        foreach (var (key, until) in _putOff.Where(entry => entry.Value <= now).ToArray())
        {
            _putOff.Remove(key);
        }

        var taken = new List<DueTimer>();
        foreach (var timer in due)
        {
            var key = Key.Of(timer);
            if (_inFlight.Count < mostInFlight && !_putOff.ContainsKey(key) && _inFlight.Add(key))
            {
                taken.Add(timer);
            }
        }

        return taken;
    }

    /// <summary>The entity has answered; the row is as the answer left it.</summary>
    public void Finish(DueTimer timer) => _inFlight.Remove(Key.Of(timer));

    /// <summary>Not delivered, or without effect on the row: not before <paramref name="until"/> again.</summary>
    public void PutOff(DueTimer timer, long until)
    {
        Finish(timer);
        if (_putOff.Count >= MostPutOff)
        {
            _putOff.Remove(_putOff.MinBy(entry => entry.Value).Key);
        }

        _putOff[Key.Of(timer)] = until;
    }

    private readonly record struct Key(EntityKey Entity, string Name, long Version)
    {
        public static Key Of(DueTimer timer) => new(timer.Entity, timer.Name, timer.Version);
    }
}
