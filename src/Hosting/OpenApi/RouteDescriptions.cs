using AkkaScale.Hosting.Drills;
using AkkaScale.Hosting.Management;
using AkkaScale.Hosting.Reports;
using AkkaScale.Hosting.Transfers;

namespace AkkaScale.Hosting.OpenApi;

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
        ["GET /cluster/shards"] = new("Every shard with its owner and its target.", typeof(ShardsAnswer)),
        ["GET /cluster/shards/{kind}"] = new("The shards that have an owner, with the entities of a kind in memory.", typeof(RegionsAnswer)),
        ["GET /cluster/where/{kind}/{id}"] = new("Where an entity lives; does not wake it.", typeof(WhereAnswer)),
        ["GET /cluster/domain-events"] = new("What happens in the cluster, as server-sent events.", null, MediaType: "text/event-stream"),
        ["GET /nodes"] = new("Every live member's report of itself.", typeof(NodesAnswer)),
        ["GET /entities/{kind}/{id}/events"] = new("An entity's events, from the journal.", typeof(EventsAnswer)),
        ["GET /journal/verify/{shard}"] = new("Checks a shard's journal for violations of I1 to I3.", typeof(VerifyAnswer)),
        ["GET /entities/{kind}/{id}"] = new("An entity's state, from its owner's memory or from the journal; does not wake it.", typeof(EntityStateAnswer)),
        ["POST /entities/{kind}/{id}/passivate"] = new("Takes an entity out of memory, if nothing is under way with it.", typeof(PassivatedAnswer), typeof(OrderRequest)),
        ["GET /journal/stats"] = new("Events, entities and bytes of each shard.", typeof(JournalStatsAnswer)),
        ["GET /nodes/{node}/drill"] = new("What a drill of the node would do; does nothing.", typeof(DrillAnswer)),
        ["POST /nodes/{node}/drill"] = new("Ends or pauses a node on purpose, where it permits drills.", typeof(DrillAnswer), typeof(DrillRequest)),
        ["GET /backup"] = new("How this store is backed up, and what is in the way.", typeof(BackupStatusAnswer)),
        ["POST /backup"] = new("Writes a backup of the embedded store into the configured directory.", typeof(BackupAnswer), typeof(BackupRequest)),
        ["GET /orders"] = new("Every order and pin in force.", typeof(OrdersAnswer)),
        ["POST /nodes/{node}/cordon"] = new("The node keeps the shards it has and gets no more.", typeof(NodeOrderAnswer), typeof(OrderRequest)),
        ["POST /nodes/{node}/drain"] = new("The node gives all its shards away and gets none.", typeof(NodeOrderAnswer), typeof(OrderRequest)),
        ["POST /nodes/{node}/uncordon"] = new("The node takes its share again.", typeof(NodeOrderAnswer), typeof(OrderRequest)),
        ["POST /shards/{shard}/move"] = new("Moves a shard once; binds nobody.", typeof(MoveAnswer), typeof(MoveRequest), 202),
        ["POST /shards/{shard}/pin"] = new("Binds a shard to a node.", typeof(PinAnswer), typeof(PinRequest)),
        ["DELETE /shards/{shard}/pin"] = new("Frees a shard.", typeof(PinAnswer)),
        ["GET /shards/plan"] = new("What the coordinator would move now; moves nothing.", typeof(PlanAnswer)),
        ["GET /shards/{shard}/why"] = new("Why a shard is where it is.", typeof(WhyAnswer)),
        ["GET /audit"] = new("Who changed what, and who was not let; latest first.", typeof(AuditAnswer)),
        ["GET /doctor"] = new("What is not as it should be, with its consequence and its mend.", typeof(DoctorAnswer)),
    };
}
