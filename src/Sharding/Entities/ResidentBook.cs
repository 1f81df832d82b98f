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
internal sealed class ResidentBook(int bound)
{
    /// <summary>Of one call, so that it stays short; those that are left over are told at the next.</summary>
    private const int MostToldAtOnce = 8;

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

    /// <summary>An entity's place in the book.</summary>
    internal sealed class Resident
    {
        public Resident(EntityKey entity, IActorRef actor)
        {
            Entity = entity;
            Actor = actor;
            Place = new LinkedListNode<Resident>(this);
        }

        public EntityKey Entity { get; }

        public IActorRef Actor { get; }

        /// <summary>In no list while it has been told to leave.</summary>
        public LinkedListNode<Resident> Place { get; }
    }
}
