using AkkaScale.Cluster.Downing;
using AkkaScale.Cluster.Leases;
using AkkaScale.Cluster.Liveness;
using AkkaScale.Cluster.Options;

namespace AkkaScale.Tests.Simulation.Cluster;

/// <summary>
/// One start of a process: the shells around the machines, with a clock of its own rate. Whatever it does goes through <see cref="Run"/>,
/// which a stop of the process holds back.
/// </summary>
internal sealed class SimulatedProcess
{
    private readonly ClusterWorld _world;
    private readonly double _rate;
    private readonly TimeSpan _offset;
    private readonly LivenessState _liveness = new();
    private readonly DeathState _death;
    private readonly List<Action> _held = [];
    private TimeSpan _deadline = TimeSpan.MinValue;
    private long _wake;

    public SimulatedProcess(ClusterWorld world, int slot, string incarnation, double rate, TimeSpan offset)
    {
        (_world, Slot, Incarnation, _rate, _offset) = (world, slot, incarnation, rate, offset);
        _death = new DeathState(incarnation);
        Shards = new SimulatedShards(world, this);
        Membership = new SimulatedMembership(world, this);
    }

    public int Slot { get; }

    public string Incarnation { get; }

    public string Address => $"node-{Slot}";

    public TimeSpan Now => _offset + (_world.Time.Now * _rate);

    public bool IsRunning { get; private set; } = true;

    public bool IsFrozen { get; private set; }

    /// <summary>It was sent away, and ends.</summary>
    public bool GivesWay { get; private set; }

    public bool IsLineCut { get; set; }

    public bool IsServing => IsRunning && !GivesWay && Now < _deadline;

    /// <summary>When it last thawed after a stop that it noticed, by true time.</summary>
    public TimeSpan ThawedSince { get; private set; } = TimeSpan.MinValue;

    public MembersSnapshot? Snapshot { get; private set; }

    /// <summary>A gap that is longer than the rules allow by any clock.</summary>
    public static TimeSpan Noticed => Options.LongestGap * 1.2;

    public SimulatedShards Shards { get; }

    public SimulatedMembership Membership { get; }

    public static ClusterDatabaseOptions Options { get; } = new()
    {
        ObserveInterval = TimeSpan.FromMilliseconds(150),
        FlappingLimit = TimeSpan.FromSeconds(5),
        FlappingWindow = TimeSpan.FromSeconds(20),
    };

    public void Start() => Call(
        () => _world.Tables.Register(Incarnation, Address, long.Parse(Incarnation)),
        _ =>
        {
            StepLiveness(new LivenessInput.Tick(Now));
            Observe();
            Membership.Start();
        },
        () => Exit("cannot register"));

    public void Run(Action action)
    {
        if (IsFrozen)
        {
            _held.Add(action);
        }
        else if (IsRunning)
        {
            action();
        }
    }

    /// <param name="delay">By this process's clock.</param>
    public void After(TimeSpan delay, Action action) =>
        _world.Time.After(delay > TimeSpan.Zero ? delay / _rate : TimeSpan.Zero, () => Run(action));

    public void Call<T>(Func<T> effect, Action<T> answered, Action failed) => _world.Line.Call(this, effect, answered, failed);

    public void Freeze(TimeSpan duration)
    {
        if (!IsRunning || IsFrozen)
        {
            return;
        }

        IsFrozen = true;
        _world.Time.After(duration, () => Thaw(duration));
    }

    public void Leave()
    {
        if (Snapshot is null)
        {
            Exit("ended before it had registered");
            return;
        }

        _world.Tell(this, "leaves");
        Shards.StopAll();
        StepDeath(new DeathInput.Leaving());
        StepLiveness(new LivenessInput.Leaving(Now, "leaves"));
    }

    public void Exit(string reason)
    {
        if (!IsRunning)
        {
            return;
        }

        _world.Tell(this, $"exits: {reason}");
        IsRunning = false;
        Shards.End(reason);
        _world.IsGone(this);
    }

    private void Thaw(TimeSpan duration)
    {
        IsFrozen = false;
        ThawedSince = duration >= Noticed ? _world.Time.Now : ThawedSince;
        if (IsRunning && !IsServing)
        {
            _world.Coverage.Met(ClusterSituation.ThawedPastDeadline);
        }

        // Threads wake in no order.
        _world.Dice.Shuffle(_held);
        var held = _held.ToList();
        _held.Clear();
        held.ForEach(Run);
    }

    private void StepLiveness(LivenessInput input)
    {
        var effects = new List<LivenessEffect>();
        LivenessMachine.Step(_liveness, input, Options, effects);
        foreach (var effect in effects)
        {
            Do(effect);
        }

        if (_liveness.IsOver)
        {
            Exit("left");
        }
        else if (LivenessMachine.NextAt(_liveness) is { } next)
        {
            var wake = ++_wake;
            After(next - Now, () =>
            {
                if (wake == _wake)
                {
                    StepLiveness(new LivenessInput.Tick(Now));
                }
            });
        }
    }

    private void Do(LivenessEffect effect)
    {
        switch (effect)
        {
            case LivenessEffect.Renew:
                var sentAt = Now;
                Call(() => _world.Tables.Renew(Incarnation), row => StepLiveness(new LivenessInput.Renewed(sentAt, Now, row)), Broken);
                break;
            case LivenessEffect.Reconnect:
                Call(() => _world.Tables.Renew(Incarnation), _ => StepLiveness(new LivenessInput.Resumed(Now)), Broken);
                break;
            case LivenessEffect.Leave:
                Call(() => _world.Tables.Leave(Incarnation), _ => StepLiveness(new LivenessInput.HasLeft()), Broken);
                break;
            case LivenessEffect.DeadlineMoved(var until):
                if (_deadline > TimeSpan.MinValue && Now >= _deadline)
                {
                    _world.Coverage.Met(ClusterSituation.Suspended);
                }

                _deadline = until;
                break;
            case LivenessEffect.End(var why, var reason):
                _world.Checks.Ends(this, why);
                Exit($"{why}: {reason}");
                break;
        }

        void Broken() => StepLiveness(new LivenessInput.Broken(Now));
    }

    private void Observe()
    {
        var sentAt = Now;
        IReadOnlyCollection<string> also = [Incarnation, .. Membership.Gossip];
        Call(
            () => _world.Tables.Read(also),
            reading =>
            {
                StepDeath(new DeathInput.Read(reading, sentAt, Now));
                After(Options.ObserveInterval, Observe);
            },
            () =>
            {
                StepDeath(new DeathInput.ReadFailed(Now));
                After(Options.RenewInterval / 2, Observe);
            });
    }

    private void StepDeath(DeathInput input)
    {
        var effects = new List<DeathEffect>();
        DeathMachine.Step(_death, input, Options, effects);
        foreach (var effect in effects)
        {
            switch (effect)
            {
                case DeathEffect.Publish(var members):
                    var somebodyWent = Snapshot?.Nodes.Values.Any(row => !row.IsGone && members.Nodes.GetValueOrDefault(row.Incarnation) is not { IsGone: false }) == true;
                    Snapshot = members;
                    Membership.Remove(members);
                    if (somebodyWent)
                    {
                        Shards.DeathKnown();
                    }

                    break;
                case DeathEffect.Declare declare:
                    Call(
                        () => _world.Tables.DeclareDead(declare.Incarnation, declare.State, declare.Renewals, declare.Reason, this),
                        done => _world.Tell(this, $"declares {declare.Incarnation} dead: {done}, {declare.Reason}"),
                        () => { });
                    break;
                case DeathEffect.GiveWay(var renewals, var reason):
                    GiveWay(renewals, reason);
                    break;
                case DeathEffect.End(var why, var reason):
                    _world.Checks.Ends(this, why);
                    if (!GivesWay)
                    {
                        Exit($"{why}: {reason}");
                    }

                    break;
            }
        }
    }

    /// <summary>Nothing more is served; after a while it declares itself dead, and exits whether or not it could.</summary>
    private void GiveWay(long renewals, string reason)
    {
        GivesWay = true;
        Shards.End(reason);
        After(Options.LastAnswers, () => Call(
            () => _world.Tables.GiveWay(Incarnation, renewals, reason, this),
            done => Exit($"{reason}, and has given way: {done}"),
            () => Exit(reason)));
    }
}
