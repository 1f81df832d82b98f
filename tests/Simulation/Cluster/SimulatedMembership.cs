using AkkaScale.Cluster.Downing;
using AkkaScale.Cluster.Joining;
using AkkaScale.Cluster.Members;
using AkkaScale.Cluster.Options;

namespace AkkaScale.Tests.Simulation.Cluster;

/// <summary>One Akka cluster. Gossip is taken to be instant: all its members share this; who reaches whom is each one's own.</summary>
internal sealed class SimulatedGossip
{
    public SortedSet<string> Members { get; } = new(StringComparer.Ordinal);
}

/// <summary>Joining, heartbeats and the watch over partitions of one process.</summary>
internal sealed class SimulatedMembership(ClusterWorld world, SimulatedProcess own)
{
    private static readonly TimeSpan Heartbeat = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan AcceptablePause = TimeSpan.FromMilliseconds(1500);
    private static readonly TimeSpan ProbeInterval = TimeSpan.FromMilliseconds(300);

    private readonly PartitionState _partition = new();
    private readonly Dictionary<string, TimeSpan> _heard = new(StringComparer.Ordinal);
    private SimulatedGossip? _gossip;
    private TimeSpan _startedAt;
    private IReadOnlyList<string>? _seeds;
    private bool _isAsking;

    public IReadOnlyCollection<string> Gossip => _gossip?.Members ?? (IReadOnlyCollection<string>)[];

    public SimulatedGossip? Cluster => _gossip;

    public bool HasJoined => _gossip?.Members.Contains(own.Incarnation) == true;

    private static ClusterDatabaseOptions Options => SimulatedProcess.Options;

    public void Start()
    {
        _startedAt = own.Now;
        Probe();
        Beat();
    }

    /// <summary>What failure detector and downing provider do: who is down or gone is removed, if it is that incarnation.</summary>
    public void Remove(MembersSnapshot members)
    {
        if (!HasJoined)
        {
            return;
        }

        foreach (var gone in _gossip!.Members.Where(member =>
            world.Tables.Nodes[member] is var node
            && members.VerdictOf(node.Address, long.Parse(member)) is MemberVerdict.Down or MemberVerdict.Gone).ToList())
        {
            _gossip.Members.Remove(gone);
            world.Tell(own, $"removes {gone}");
        }
    }

    private void Probe()
    {
        if (HasJoined)
        {
            return;
        }

        if (own.Now - _startedAt > Options.JoinTimeout)
        {
            own.Exit("join timed out");
            return;
        }

        own.After(ProbeInterval, Probe);
        if (_seeds is not null)
        {
            TryJoin();
        }
        else if (!_isAsking && own.Snapshot is { } snapshot)
        {
            Decide(snapshot.Reading);
        }
    }

    private void Decide(ClusterReading reading)
    {
        var view = new JoinView(reading, own.Incarnation, own.Address, Contacts(), own.Now - _startedAt);
        switch (JoinRule.Decide(view, Options.TimeToLive))
        {
            case JoinDecision.JoinSeeds(_, var addresses) when addresses.Contains(own.Address):
                Found();
                break;
            case JoinDecision.JoinSeeds(var generation, var addresses):
                Ask(() => world.Tables.Join(generation, own.Incarnation), joined => _seeds = joined ? addresses : null);
                break;
            case JoinDecision.TryFound(var generation, var founder):
                Ask(() => world.Tables.Found(generation, founder, own.Incarnation), founded =>
                {
                    if (founded is not null)
                    {
                        Found();
                    }
                });
                break;
            case JoinDecision.KeepProbing(var reason):
                if (reason.Contains("same address", StringComparison.Ordinal))
                {
                    world.Coverage.Met(ClusterSituation.WaitedForPredecessor);
                }

                break;
        }
    }

    private void Ask<T>(Func<T> effect, Action<T> answered)
    {
        _isAsking = true;
        own.Call(
            effect,
            result =>
            {
                _isAsking = false;
                answered(result);
            },
            () => _isAsking = false);
    }

    private void Found()
    {
        if (_gossip is null)
        {
            world.Tell(own, $"founds generation {world.Tables.Generation}");
            world.Coverage.Met(world.Tables.Generation > 1 ? ClusterSituation.FoundedAgain : ClusterSituation.Founded);
            Enter(new SimulatedGossip());
        }
    }

    private void TryJoin()
    {
        var seed = world.Running.FirstOrDefault(other =>
            _seeds!.Contains(other.Address) && other.Membership.HasJoined && world.CanTalk(own, other));
        if (seed is not null)
        {
            world.Coverage.Met(ClusterSituation.Joined);
            Enter(seed.Membership._gossip!);
        }
    }

    private void Enter(SimulatedGossip gossip)
    {
        world.Checks.Enters(own, gossip);
        _gossip = gossip;
        gossip.Members.Add(own.Incarnation);
        world.Tell(own, $"is a member beside {string.Join(", ", gossip.Members)}");
    }

    private List<ContactAnswer> Contacts() =>
    [
        .. world.Running
            .Where(other => other != own && other.Membership.HasJoined && other.IsServing && world.CanTalk(own, other))
            .Where(other => other.Snapshot!.Generation == world.Tables.Nodes[other.Incarnation].Generation)
            .Select(other => new ContactAnswer(other.Address, Addresses(other), Addresses(other))),
    ];

    private List<string> Addresses(SimulatedProcess other) =>
        [.. other.Membership.Gossip.Select(member => world.Tables.Nodes[member].Address).Distinct(StringComparer.Ordinal)];

    private void Beat()
    {
        own.After(Heartbeat, Beat);
        if (!HasJoined || own.Snapshot is not { } snapshot)
        {
            return;
        }

        // Before the heartbeats of now: one that thaws finds everybody silent.
        var live = _gossip!.Members.Where(member => snapshot.Nodes.GetValueOrDefault(member) is { IsLive: true } row && row.Generation == snapshot.Generation)
            .ToHashSet(StringComparer.Ordinal);
        var unreachable = live.Where(member =>
            member != own.Incarnation && own.Now - (_heard.TryGetValue(member, out var at) ? at : _heard[member] = own.Now) > AcceptablePause)
            .ToHashSet(StringComparer.Ordinal);
        foreach (var other in world.Running.Where(other => live.Contains(other.Incarnation) && world.CanTalk(own, other)))
        {
            _heard[other.Incarnation] = own.Now;
        }

        if (live.Contains(own.Incarnation))
        {
            var isRecent = own.Now - snapshot.SentAt < Options.LongestGap;
            StepPartition(new PartitionInput.Tick(own.Now, new PartitionView(own.Incarnation, snapshot.Generation, live, unreachable, isRecent)));
        }
    }

    private void StepPartition(PartitionInput input)
    {
        var effects = new List<PartitionEffect>();
        PartitionMachine.Step(_partition, input, Options, effects);
        foreach (var claim in effects.OfType<PartitionEffect.Prevail>())
        {
            world.Checks.Claims(own, claim, _gossip!);
            own.Call(
                () => world.Tables.Prevail(claim.Generation, claim.Mine, claim.Reason, own),
                away =>
                {
                    world.Tell(own, $"claims with {string.Join(", ", claim.Mine)} ({claim.Reason}): {(away is null ? "refused" : $"away are {string.Join(", ", away)}")}");
                    world.Coverage.Met(away is null ? ClusterSituation.ClaimRefused : ClusterSituation.SentAway);
                    if (away is { Count: > 0 } && claim.Reason.StartsWith("flapping", StringComparison.Ordinal))
                    {
                        world.Coverage.Met(ClusterSituation.SentAwayForFlapping);
                    }

                    StepPartition(new PartitionInput.Answered(own.Now, away is not null));
                },
                () => StepPartition(new PartitionInput.Answered(own.Now, false)));
        }
    }
}
