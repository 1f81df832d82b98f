using AkkaScale.Management.Answers;
using AkkaScale.Management.Doctor;
using AkkaScale.Management.Drills;
using AkkaScale.Management.Nodes;

namespace AkkaScale.Management.OpenApi;

/// <summary>A row for each route of the management port, by method and template; a test sees to it that none is missing.</summary>
internal static class RouteDescriptions
{
    public static IReadOnlyDictionary<string, RouteDescription> All { get; } = new Dictionary<string, RouteDescription>(StringComparer.Ordinal)
    {
        ["GET /alive"] = new("The process answers. Open to everybody.", typeof(HealthAnswer)),
        ["GET /startup"] = new("The node has become a member. Open to everybody.", typeof(HealthAnswer)),
        ["GET /ready"] = new("The node should get traffic; 503 with the reasons why not. Open to everybody.", typeof(HealthAnswer)),
        ["GET /metrics"] = new("Metrics of this node.", null, MediaType: "text/plain"),
        ["GET /cluster/members"] = new("Every member that is not over, and who does not reach whom.", typeof(MembersAnswer)),
        ["POST /cluster/members"] = new("Says whether the node at an address has joined; nodes join by themselves.", typeof(JoinAnswer), typeof(AddressRequest)),
        ["GET /cluster/members/{member}"] = new("One member, by name, address or incarnation.", typeof(MemberAnswer)),
        ["PUT /cluster/members/{member}"] = new("Declares a member down, or makes it leave.", typeof(MemberOrderAnswer), typeof(OperationRequest), 202),
        ["DELETE /cluster/members/{member}"] = new("Makes a member leave.", typeof(MemberOrderAnswer), Status: 202),
        ["GET /cluster/status"] = new("The cluster in a few numbers.", typeof(StatusAnswer)),
        ["GET /cluster/history"] = new("Every start of a node's process, and how it ended; latest first.", typeof(HistoryAnswer)),
        ["GET /cluster/rollout"] = new("In which order to restart nodes, why, and what each step is expected to cost.", typeof(RolloutAnswer)),
        ["GET /cluster/domain-events"] = new("What happens in the cluster, as server-sent events.", null, MediaType: "text/event-stream"),
        ["GET /cluster/shards"] = new("Every shard with its owner and its target.", typeof(ShardsAnswer)),
        ["GET /cluster/shards/{kind}"] = new("The shards that have an owner, with the entities of a kind in memory.", typeof(RegionsAnswer)),
        ["GET /cluster/where/{kind}/{id}"] = new("Where an entity lives; does not wake it.", typeof(WhereAnswer)),
        ["GET /entities"] = new("Entities in memory, by kind and shard, in order; asks their owners and wakes none.", typeof(EntitiesInMemory)),
        ["GET /entities/busiest"] = new("The entities that were given the most commands and reads lately.", typeof(BusiestEntities)),
        ["GET /entities/{kind}/{id}/events"] = new("An entity's events, from the journal.", typeof(EventsAnswer)),
        ["GET /journal/verify/{region}/{shard}"] = new("Checks a shard's journal for violations of I1 to I3.", typeof(VerifyAnswer)),
        ["GET /entities/{kind}/{id}"] = new("An entity's state, from its owner's memory or from the journal; does not wake it.", typeof(EntityStateAnswer)),
        ["POST /entities/{kind}/{id}/passivate"] = new("Takes an entity out of memory, if nothing is under way with it.", typeof(PassivatedAnswer), typeof(OrderRequest)),
        ["GET /audit"] = new("Who changed what, and who was not let; latest first.", typeof(AuditAnswer)),
        ["GET /journal/stats"] = new("Events, entities and bytes of each shard.", typeof(JournalStatsAnswer)),
        ["GET /nodes"] = new("Every live member's report of itself.", typeof(NodesAnswer)),
        ["POST /nodes/{node}/cordon"] = new("A node gets no more shards, and keeps those that it has.", typeof(NodeOrderAnswer), typeof(OrderRequest), 202),
        ["POST /nodes/{node}/drain"] = new("A node gets no more shards, and gives away those that it has.", typeof(NodeOrderAnswer), typeof(OrderRequest), 202),
        ["POST /nodes/{node}/uncordon"] = new("A node takes shards again.", typeof(NodeOrderAnswer), typeof(OrderRequest), 202),
        ["GET /nodes/{node}/log"] = new("Entries of a node's log, the latest or those after a number; for operators.", typeof(NodeLogAnswer)),
        ["GET /nodes/{node}/log/level"] = new("Which other log level than the configured one holds, and until when.", typeof(LogLevelAnswer)),
        ["POST /nodes/{node}/log/level"] = new("Sets a log level of a running node for a time; it goes back by itself.", typeof(LogLevelAnswer), typeof(LogLevelRequest)),
        ["GET /nodes/{node}/drill"] = new("What a drill of the node would do; does nothing.", typeof(DrillAnswer)),
        ["POST /nodes/{node}/drill"] = new("Ends or pauses a node on purpose, where it permits drills.", typeof(DrillAnswer), typeof(DrillRequest)),
        ["GET /store/backup"] = new("How the store is backed up, with a word on each setting that it hangs on.", typeof(BackupAdvice)),
        ["POST /store/backup"] = new("A backup of the embedded store while it is in use, as a SQLite file.", null, typeof(BackupRequest), MediaType: "application/octet-stream"),
        ["POST /store/check"] = new("Looks through a backup, the body, and throws it away; the store is not touched.", typeof(BackupCheckAnswer)),
        ["GET /doctor"] = new("What is not as it should be, with its consequence and its mend.", typeof(DoctorAnswer)),
        ["GET /shards/plan"] = new("What would move, with the nodes that there are or with others; moves nothing.", typeof(PlanAnswer)),
        ["GET /shards/decisions"] = new("What coordinators decided about shards, in order.", typeof(DecisionsAnswer)),
        ["GET /shards/{region}/{shard}/why"] = new("Where a shard is, why, and what keeps it there.", typeof(WhyAnswer)),
        ["POST /shards/rebalance"] = new("Orders the moves that make members even.", typeof(RebalanceAnswer), typeof(RebalanceRequest), 202),
        ["POST /shards/{region}/{shard}/pin"] = new("Has a shard at home on a node whenever that is up.", typeof(PinAnswer), typeof(MoveRequest), 202),
        ["POST /shards/{region}/{shard}/unpin"] = new("Has a shard at home anywhere.", typeof(PinAnswer), typeof(OrderRequest), 202),
        ["POST /shards/{region}/{shard}/move"] = new("Moves a shard once; binds nobody.", typeof(MoveAnswer), typeof(MoveRequest), 202),
    };
}
