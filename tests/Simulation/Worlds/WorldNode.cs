using AkkaScale.LegacyCluster.Membership;

namespace AkkaScale.Tests.Simulation.Worlds;

/// <summary>
/// A process: its clock, its router, and one session after the other as a member. It may be paused, when everything that happens to it happens as it goes
/// on, and it may end at any step.
/// </summary>
internal sealed class WorldNode
{
    private readonly World _world;
    private readonly double _rate;
    private readonly Random _turns;
    private readonly Queue<(int Life, Action Action)> _whilePaused = [];
    private TimeSpan _wall;

    public WorldNode(World world, string name, string role)
    {
        _world = world;
        Name = name;
        Role = role;
        var random = world.Config.Streams.Of($"node/{name}");
        _rate = 0.95 + (random.NextDouble() * 0.1);
        _wall = random.Between(-5, 5);
        _turns = world.Config.Streams.Of($"turns/{name}");
        Link = new WorldStoreLink(world, name);
        Router = new WorldRouter(world, this);
    }

    public string Name { get; }

    public string Role { get; }

    public WorldStoreLink Link { get; }

    /// <summary>Grows with every end of the process; what was under way in an earlier life never happens.</summary>
    public int Life { get; private set; }

    public bool IsRunning { get; private set; }

    public bool IsPaused { get; private set; }

    public WorldRouter Router { get; private set; }

    public WorldMember? Member { get; private set; }

    /// <summary>Monotonic; it goes a little faster or slower than true time, and on through pauses.</summary>
    public TimeSpan Local => _world.Agenda.Now * _rate;

    public DateTimeOffset Wall => World.Birth + _world.Agenda.Now + _wall;

    public void Start()
    {
        _world.Say($"{Name} starts");
        IsRunning = true;
        Join();
    }

    /// <summary>A session was lost: the same process joins under a new incarnation.</summary>
    public void Join()
    {
        var self = new MemberSnapshot(
            _world.NewIncarnation(), Name, "", "", [Role], "simulated", MemberStatus.Joining, 0, DateTimeOffset.UnixEpoch, "");
        _world.Joined(self.Incarnation, this);
        Member = new WorldMember(_world, this, self);
        Member.Start();
    }

    /// <summary>At once, without a word.</summary>
    public void Kill(string how)
    {
        if (IsRunning)
        {
            _world.Say($"{Name} {how}");
            End();
        }
    }

    /// <summary>After its session has ended in order.</summary>
    public void End()
    {
        IsRunning = IsPaused = false;
        Life++;
        _whilePaused.Clear();
        Member?.Region.Vanish();
        Member = null;
        Router = new WorldRouter(_world, this);
        _world.Network.Ended(this);
    }

    public void Pause()
    {
        _world.Say($"{Name} is paused");
        IsPaused = true;
    }

    public void Resume()
    {
        if (!IsPaused)
        {
            return;
        }

        _world.Say($"{Name} goes on");
        IsPaused = false;
        while (!IsPaused && _whilePaused.TryDequeue(out var next))
        {
            Deliver(next.Life, next.Action);
        }
    }

    public void StepWallClock(TimeSpan by)
    {
        _world.Say($"the wall clock of {Name} jumps by {by}");
        _wall += by;
    }

    public void Deliver(int life, Action action)
    {
        if (life != Life || !IsRunning)
        {
            return;
        }

        if (IsPaused)
        {
            _whilePaused.Enqueue((life, action));
            return;
        }

        action();
    }

    /// <summary>After this time of its own clock.</summary>
    public void After(TimeSpan delay, Action action)
    {
        var life = Life;
        _world.Agenda.After(delay / _rate, () => Deliver(life, action));
    }

    /// <summary>As soon as a thread is free.</summary>
    public void Soon(Action action) => After(_turns.Between(0, 0.0001), action);

    public TimeSpan ToTrue(TimeSpan local) => local / _rate;

    public void OnConnected(WorldNode peer)
    {
        if (IsRunning)
        {
            Soon(() => Member?.OnConnected(peer));
        }
    }

    public void OnDisconnected(WorldNode peer)
    {
        if (IsRunning)
        {
            Soon(() =>
            {
                Router.OnDisconnected(peer);
                Member?.OnDisconnected(peer);
            });
        }
    }
}
