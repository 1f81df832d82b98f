using AkkaScale.Entities;
using AkkaScale.LegacyCluster.Membership;
using AkkaScale.LegacySharding.Entities;
using AkkaScale.Tests.Model;
using AkkaScale.Tests.Unit.Sharding;

namespace AkkaScale.Tests.Simulation.Worlds;

/// <summary>
/// A whole cluster under one seed and in one thread: clients, gateways, routers, members, regions, shards, entities and handoffs as production
/// has them, around a model of the store, with everything going wrong that the seed's plan and noise say.
/// </summary>
internal sealed class World
{
    public static readonly DateTimeOffset Birth = DateTimeOffset.UnixEpoch.AddDays(20_000);

    private readonly RunOptions _options;
    private readonly List<WorldNode> _nodes = [];
    private readonly List<WorldClient> _clients = [];
    private readonly Dictionary<Incarnation, WorldNode> _homes = [];
    private int _incarnations;

    public World(WorldConfig config, RunOptions options)
    {
        Config = config;
        _options = options;
        Kinds = new EntityKindRegistry([CounterKind.Create(config.SnapshotEvery)]);
        Store = new StoreModel(config.Cluster.ShardCount, config.ChecksMemberOnAcquire)
        {
            CanLoseTail = config.CanLoseTail,
            Granting = CheckGrant,
            Now = () => Birth + Agenda.Now,
        };
        Network = new WorldNetwork(this);
        Witness = new Witness(this);
        Noise = Noise.Of(options.WithoutNoise ? 0 : config.Noise, config.Streams.Of("noise"));
        Agenda.Check = CheckServing;
        for (var number = 0; number < config.Nodes; number++)
        {
            AddNode(MemberSnapshot.EntityRole);
        }
    }

    public WorldConfig Config { get; }

    public Agenda Agenda { get; } = new();

    public StoreModel Store { get; }

    public EntityKindRegistry Kinds { get; }

    public WorldNetwork Network { get; }

    public Witness Witness { get; }

    public Coverage Coverage { get; } = new();

    public Noise Noise { get; set; }

    /// <summary>Grows with every restart of the store: what was under way then breaks.</summary>
    public int StoreLife { get; set; }

    public bool IsStoreAway { get; set; }

    public bool IsStoreReadOnly { get; set; }

    /// <summary>How long the compare-and-set of a handoff waits for a lock in the store.</summary>
    public TimeSpan HandOverWait { get; set; }

    public IReadOnlyList<WorldNode> Nodes => _nodes;

    public bool IsHeard => _options.Listener is not null;

    public static string Short(Incarnation incarnation) => $"i{incarnation.Value.ToString()[..8].TrimStart('0')}";

    public static string Short(Guid id) => id.ToString()[..18];

    /// <exception cref="WorldViolationException">Something that must always hold did not.</exception>
    public void Run()
    {
        Say(Config.ToString());
        try
        {
            StartNodes();
            for (var number = 0; number < Config.Clients; number++)
            {
                if (!_options.WithoutClients.Contains(number))
                {
                    var client = new WorldClient(this, number);
                    _clients.Add(client);
                    client.Begin();
                }
            }

            new Troublemaker(this).Begin(Fault.Plan(Config).Where(fault => !_options.WithoutFaults.Contains(fault.Number)));
            Agenda.RunUntil(WorldConfig.End);
            var ending = new Ending(this);
            while (ending.WhatIsUnsettled() is not null && Agenda.Now < WorldConfig.End + WorldConfig.OneMove)
            {
                // A shard may be on its way for the sake of balance at this very moment.
                Agenda.RunUntil(Agenda.Now + TimeSpan.FromMilliseconds(50));
            }

            ending.Check(_clients);

            // A coordinator that is new learns the loads before it moves anything for the sake of balance.
            Agenda.RunUntil(ending.IsQuiet ? Agenda.Now : WorldConfig.Quiet);
            ending.CheckQuiet();
            Coverage.Met(Situation.Takeover, Store.Grants - Config.Cluster.ShardCount);
        }
        catch (Exception fault) when (fault is not WorldViolationException)
        {
            throw new WorldViolationException(fault is StoreModelException ? "store" : "fault", fault.Message, fault);
        }
    }

    public void StartNodes()
    {
        foreach (var node in _nodes)
        {
            Agenda.After(Config.Streams.Of($"start/{node.Name}").Between(0, 0.2), node.Start);
        }
    }

    public void Say(string line)
    {
        if (_options.Listener is { } listener)
        {
            listener(FormattableString.Invariant($"{Agenda.Now.TotalSeconds,9:0.0000}  {line}"));
        }
    }

    public Incarnation NewIncarnation() => new(new Guid(++_incarnations, 0, 0, new byte[8]));

    public WorldNode AddNode(string role)
    {
        var node = new WorldNode(this, $"node-{_nodes.Count + 1}", role);
        _nodes.Add(node);
        return node;
    }

    public void Joined(Incarnation incarnation, WorldNode node) => _homes[incarnation] = node;

    /// <summary>The member of this incarnation if it runs now; null: it has ended, or its process has.</summary>
    public WorldMember? FindMember(Incarnation incarnation) =>
        _homes.TryGetValue(incarnation, out var node) && node.Member is { } member && member.Self.Incarnation == incarnation ? member : null;

    public WorldNode? NodeOf(Incarnation incarnation) => _homes.GetValueOrDefault(incarnation);

    public IEnumerable<Incarnation> IncarnationsOf(WorldNode node) => _homes.Where(home => home.Value == node).Select(home => home.Key);

    /// <summary>The replica takes over without the last writes of the primary.</summary>
    public void Failover(int lost)
    {
        Say($"the replica takes over, without the last {lost} writes");
        StoreLife++;
        Store.Promote(lost);
        Witness.OnTailLost();
        Coverage.Met(Situation.TailLost, lost > 0 ? 1 : 0);
    }

    /// <summary>I3, and the ground of I4: never two that may serve the same shard.</summary>
    private void CheckServing()
    {
        Span<int> servers = stackalloc int[Config.Cluster.ShardCount];
        servers.Clear();
        for (var index = 0; index < _nodes.Count; index++)
        {
            if (_nodes[index].Member is not { MayServe: true } member)
            {
                continue;
            }

            var shards = member.Region.Shards;
            for (var shard = 0; shard < shards.Length; shard++)
            {
                if (shards[shard] is not { IsStopped: false })
                {
                    continue;
                }

                if (servers[shard] != 0)
                {
                    throw new WorldViolationException(
                        "I3", $"shard {shard} may be served by {_nodes[servers[shard] - 1].Name} and by {_nodes[index].Name} at the same time");
                }

                servers[shard] = index + 1;
            }
        }
    }

    /// <summary>Nothing is granted while another member may still serve it, not even before the new owner has started it.</summary>
    private void CheckGrant(int shard, Incarnation to, Incarnation? from)
    {
        Say($"shard {shard} is granted to {Short(to)}, was {(from is { } former ? Short(former) : "nobody's")}");
        foreach (var node in _nodes)
        {
            if (node.Member is { MayServe: true } member && member.Self.Incarnation != to && member.Region.Shards[shard] is { IsStopped: false })
            {
                throw new WorldViolationException("I3", $"shard {shard} is granted to {Short(to)} while {node.Name} may serve it");
            }
        }
    }
}
