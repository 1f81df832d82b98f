using Akka.Actor;
using AkkaScale.Entities;
using AkkaScale.Sharding.Messages;

namespace AkkaScale.Sharding.Entities;

/// <summary>
/// The entities of this node that are in memory, of all kinds, by their last use; above the bound the least recently used are told to
/// leave. Thread-safe; every call takes the same short time however many there are.
/// </summary>
/// <remarks>
/// Who is told to leave is taken out of the order and no longer counts; an entity that has something under way stays and says so by
/// <see cref="Touch"/>, and is then in the order again.
/// </remarks>
internal sealed class ResidentBook(int bound, TimeProvider time)
{
    /// <summary>Of those looked at for the busiest, so that a question about them holds nobody up: who is busy was used lately.</summary>
    private const int MostLookedAt = 10_000;

    /// <summary>Of one call, so that it stays short; those that are left over are told at the next.</summary>
    private const int MostToldAtOnce = 8;

    private const int PeriodSeconds = 10;

    private static readonly TimeSpan Period = TimeSpan.FromSeconds(PeriodSeconds);

    private readonly Lock _lock = new();
    private readonly Dictionary<EntityKey, Resident> _residents = [];
    private readonly Dictionary<string, int> _counts = new(StringComparer.Ordinal);
    private readonly LinkedList<Resident> _byUse = [];

    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _residents.Count;
            }
        }
    }

    /// <summary>By kind.</summary>
    public IReadOnlyDictionary<string, int> Counts
    {
        get
        {
            lock (_lock)
            {
                return new Dictionary<string, int>(_counts, StringComparer.Ordinal);
            }
        }
    }

    /// <summary>Null: it is not in this node's memory.</summary>
    public IActorRef? Find(EntityKey entity)
    {
        lock (_lock)
        {
            return _residents.GetValueOrDefault(entity)?.Actor;
        }
    }

    /// <summary>Those of the last <see cref="WindowOf"/> that were used most, the busiest first.</summary>
    /// <param name="kind">Null: every kind.</param>
    public IReadOnlyList<(EntityKey Entity, long Messages)> Busiest(string? kind, int limit, long now)
    {
        var latest = new List<Resident>();
        lock (_lock)
        {
            for (var place = _byUse.Last; place is not null && latest.Count < MostLookedAt; place = place.Previous)
            {
                latest.Add(place.Value);
            }
        }

        var period = PeriodOf(now);
        return
        [
            .. latest.Where(resident => kind is null || resident.Entity.Kind == kind)
                .Select(resident => (resident.Entity, Messages: resident.MessagesBy(period)))
                .Where(busy => busy.Messages > 0)
                .OrderByDescending(busy => busy.Messages).ThenBy(busy => busy.Entity.Kind, StringComparer.Ordinal).ThenBy(busy => busy.Entity.Id, StringComparer.Ordinal)
                .Take(limit),
        ];
    }

    /// <summary>Over how long messages are counted at a moment: the period that runs, and the one before it.</summary>
    public TimeSpan WindowOf(long now) => Period + (TimeSpan.FromSeconds((double)now / time.TimestampFrequency) - (PeriodOf(now) * Period));

    /// <summary>It was given a command or a read.</summary>
    public void Use(Resident resident)
    {
        resident.Count(PeriodOf(time.GetTimestamp()));
        Touch(resident);
    }

    private long PeriodOf(long now) => now / (time.TimestampFrequency * PeriodSeconds);

    public Resident Enter(EntityKey entity, IActorRef actor)
    {
        var resident = new Resident(entity, actor);
        List<IActorRef>? leaving;
        lock (_lock)
        {
            if (_residents.GetValueOrDefault(entity) is { } former)
            {
                Remove_NeedsLock(former);
            }

            _residents[entity] = resident;
            _counts[entity.Kind] = _counts.GetValueOrDefault(entity.Kind) + 1;
            _byUse.AddLast(resident.Place);
            leaving = TakeLeaving_NeedsLock();
        }

        foreach (var one in leaving ?? [])
        {
            one.Tell(PassivateEntity.Instance, ActorRefs.NoSender);
        }

        return resident;
    }

    /// <summary>It was used, or it was told to leave and cannot.</summary>
    public void Touch(Resident resident)
    {
        lock (_lock)
        {
            if (ReferenceEquals(_byUse.Last?.Value, resident) || !ReferenceEquals(_residents.GetValueOrDefault(resident.Entity), resident))
            {
                return;
            }

            resident.Place.List?.Remove(resident.Place);
            _byUse.AddLast(resident.Place);
        }
    }

    public void Leave(Resident resident)
    {
        lock (_lock)
        {
            if (ReferenceEquals(_residents.GetValueOrDefault(resident.Entity), resident))
            {
                Remove_NeedsLock(resident);
            }
        }
    }

    private void Remove_NeedsLock(Resident resident)
    {
        _residents.Remove(resident.Entity);
        resident.Place.List?.Remove(resident.Place);
        if (--_counts[resident.Entity.Kind] == 0)
        {
            _counts.Remove(resident.Entity.Kind);
        }
    }

    private List<IActorRef>? TakeLeaving_NeedsLock()
    {
        List<IActorRef>? leaving = null;
        while (_byUse.Count > bound && (leaving?.Count ?? 0) < MostToldAtOnce)
        {
            var oldest = _byUse.First!;
            _byUse.Remove(oldest);
            (leaving ??= []).Add(oldest.Value.Actor);
        }

        return leaving;
    }

    /// <summary>An entity's place in the book, and how busy it is: it counts alone, others only look.</summary>
    internal sealed class Resident
    {
        private long _period;
        private int _now;
        private int _before;

        public Resident(EntityKey entity, IActorRef actor)
        {
            Entity = entity;
            Actor = actor;
            Place = new LinkedListNode<Resident>(this);
        }

        public EntityKey Entity { get; }

        public IActorRef Actor { get; }

        public void Count(long period)
        {
            if (period != _period)
            {
                _before = period == _period + 1 ? _now : 0;
                _now = 0;
                _period = period;
            }

            _now++;
        }

        /// <summary>In that period and the one before it.</summary>
        public long MessagesBy(long period) => (period - _period) switch { 0 => (long)_now + _before, 1 => _now, _ => 0 };

        /// <summary>In no list while it has been told to leave.</summary>
        public LinkedListNode<Resident> Place { get; }
    }
}
