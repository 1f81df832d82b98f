using AkkaScale.Cluster.Leases;
using AkkaScale.Cluster.Storage;

namespace AkkaScale.Tests.Simulation.Cluster;

/// <summary>The shards of one process: its book of leases, and instances of shards that ask for leases and append while they have them.</summary>
internal sealed class SimulatedShards(ClusterWorld world, SimulatedProcess own)
{
    private static readonly TimeSpan Retry = TimeSpan.FromMilliseconds(100);
    private static readonly LeaseLimits Limits = LeaseLimits.Of(SimulatedProcess.Options) with { NamesPerStatement = 2 };

    private const string Dropping = "dropped";

    private readonly LeaseState _state = new(own.Incarnation);
    private readonly Dictionary<string, Instance> _wanted = new(StringComparer.Ordinal);
    private long _wake;

    public IReadOnlyCollection<string> Wanted => _wanted.Keys;

    public long? EpochOf(string lease) => _state.EpochOf(lease);

    public bool Has(string lease) => _wanted.TryGetValue(lease, out var instance) && instance.IsActive;

    /// <summary>Starts an instance; a former one is forgotten, as Akka does when a shard restarts.</summary>
    public void Start(string lease)
    {
        if (!own.IsRunning)
        {
            return;
        }

        if (_wanted.TryGetValue(lease, out var former))
        {
            former.IsActive = false;
        }

        var instance = new Instance(lease);
        _wanted[lease] = instance;
        Acquire(instance);
    }

    public void Stop(string lease)
    {
        if (_wanted.Remove(lease, out var instance))
        {
            instance.IsActive = false;
            if (_state.UnderWay is LeaseEffect.SendAcquire(var names) && names.Contains(lease))
            {
                world.Coverage.Met(ClusterSituation.CancelledWhileAsking);
            }

            Step(new LeaseInput.Release(lease, own.Now));
        }
    }

    public void StopAll() => _wanted.Keys.ToList().ForEach(Stop);

    public void DeathKnown() => Step(new LeaseInput.DeathKnown(own.Now));

    /// <summary>The database may have lost its tail.</summary>
    public void Drop()
    {
        world.Coverage.Met(ClusterSituation.Dropped);
        Step(new LeaseInput.Dropped(Dropping, own.Now));
    }

    public void End(string reason)
    {
        Step(new LeaseInput.Ended(reason));
        world.Checks.HasEnded(_state);
    }

    private void Acquire(Instance instance)
    {
        var ask = new Ask(instance);
        world.Checks.Asks(ask, own);
        Step(new LeaseInput.Acquire(instance.Lease, ask, own.Now));
    }

    private void Step(LeaseInput input)
    {
        var effects = new List<LeaseEffect>();
        LeaseMachine.Step(_state, input, Limits, effects);
        foreach (var effect in effects)
        {
            Do(effect);
        }

        world.Checks.BookIsTrue(own);
        if (LeaseMachine.NextAt(_state) is { } next)
        {
            var wake = ++_wake;
            own.After(next - own.Now, () =>
            {
                if (wake == _wake)
                {
                    Step(new LeaseInput.Tick(own.Now));
                }
            });
        }
    }

    private void Do(LeaseEffect effect)
    {
        switch (effect)
        {
            case LeaseEffect.SendAcquire(var names):
                own.Call(() => world.Tables.Acquire(names, own.Incarnation), rows => Step(new LeaseInput.Acquired(rows, own.Now)), Failed);
                break;
            case LeaseEffect.SendRelease(var claims):
                NoteUnwanted(claims);
                own.Call(() => world.Tables.Release(claims, own.Incarnation), _ => Step(new LeaseInput.Released(own.Now)), Failed);
                break;
            case LeaseEffect.SendRead(var names):
                own.Call(() => world.Tables.Read(names), WereRead, Failed);
                break;
            case LeaseEffect.Answer(var waiter, var acquired):
                world.Checks.IsAnswered((Ask)waiter, own);
                Answer(((Ask)waiter).Instance, acquired);
                break;
            case LeaseEffect.TellLost(var name, var epoch, var holders, var reason):
                world.Checks.IsLost(own, name, epoch, reason == Dropping);
                world.Coverage.Met(ClusterSituation.Lost);
                holders.ToList().ForEach(holder => Lose(((Ask)holder).Instance));
                break;
        }

        void Failed() => Step(new LeaseInput.Failed(own.Now));
    }

    private void NoteUnwanted(IReadOnlyList<LeaseClaim> claims)
    {
        world.Coverage.Met(ClusterSituation.Released);
        if (claims.Any(claim => !world.Checks.WasAnswered(own.Incarnation, claim)))
        {
            world.Coverage.Met(ClusterSituation.GivenBackUnwanted);
        }
    }

    private void WereRead(IReadOnlyList<LeaseRow> rows)
    {
        if (rows.Any(row => row.Owner == own.Incarnation && EpochOf(row.Name) < row.Epoch))
        {
            world.Coverage.Met(ClusterSituation.AdoptedLateAcquire);
        }

        Step(new LeaseInput.WereRead(rows, own.Now));
    }

    private void Answer(Instance instance, bool acquired)
    {
        if (!acquired)
        {
            world.Coverage.Met(ClusterSituation.AnsweredFalse);
        }

        if (_wanted.GetValueOrDefault(instance.Lease) != instance)
        {
            return;
        }

        if (acquired)
        {
            instance.IsActive = true;
            world.Checks.HasIt(own, instance.Lease, instance);
            own.After(Retry, () => Append(instance));
        }
        else
        {
            own.After(Retry, () => TryAgain(instance));
        }
    }

    private void Lose(Instance instance)
    {
        instance.IsActive = false;
        own.After(Retry, () => TryAgain(instance));
    }

    private void TryAgain(Instance instance)
    {
        if (_wanted.GetValueOrDefault(instance.Lease) == instance && !instance.IsActive)
        {
            Acquire(instance);
        }
    }

    /// <summary>Takes its epoch when it is accepted, and lies in a queue for a while.</summary>
    private void Append(Instance instance)
    {
        if (!instance.IsActive || EpochOf(instance.Lease) is not { } epoch)
        {
            return;
        }

        own.After(world.Dice.Seconds(0.1, 0.5), () => Append(instance));
        own.After(world.Dice.Chance(0.8) ? TimeSpan.Zero : world.Dice.Seconds(0, 1), () => own.Call(
            () => world.Checks.Appends(own, instance, epoch),
            held =>
            {
                if (!held && EpochOf(instance.Lease) == epoch)
                {
                    Step(new LeaseInput.Refused(instance.Lease, epoch, own.Now));
                }
            },
            () => { }));
    }

    internal sealed class Instance(string lease)
    {
        public string Lease => lease;

        public bool IsActive { get; set; }
    }

    internal sealed class Ask(Instance instance) : LeaseWaiter
    {
        public Instance Instance => instance;
    }
}
