using AkkaScale.Cluster.Members;
using AkkaScale.Management.Doctor;
using AkkaScale.Management.Facts;
using AkkaScale.Management.Inspection;
using AkkaScale.Management.Nodes;
using Microsoft.AspNetCore.Http;

namespace AkkaScale.Management.Drills;

/// <summary>Has a node ended or paused, where that costs a failover and nothing else; says beforehand what it would cost.</summary>
internal sealed class DrillOrders(SystemInspection inspection, MemberNames members, ManagedNodes nodes, Examination examination)
{
    private const double DefaultPause = 10;

    /// <summary>What a drill would do; nothing happens.</summary>
    /// <exception cref="OrderRefusedException">It cannot be done, and why.</exception>
    public Task<DrillAnswer> PlanAsync(string node, CancellationToken cancellationToken) =>
        CarryOutAsync(node, new OrderDrill(DrillKind.Kill, 0, IsReal: false, "", ""), cancellationToken);

    /// <inheritdoc cref="PlanAsync"/>
    public Task<DrillAnswer> StartAsync(string node, DrillRequest request, CancellationToken cancellationToken)
    {
        if (!Enum.TryParse<DrillKind>(request.Kind, ignoreCase: true, out var kind) || !Enum.IsDefined(kind))
        {
            throw new OrderRefusedException(
                StatusCodes.Status400BadRequest, "Say what kind of drill: {\"kind\":\"kill\"} or {\"kind\":\"pause\",\"seconds\":10}.");
        }

        var seconds = request.Seconds ?? DefaultPause;
        if (!(seconds is >= 0.5 and <= 300))
        {
            throw new OrderRefusedException(StatusCodes.Status400BadRequest, $"seconds is {seconds}: set 0.5 to 300.");
        }

        MoveCheck.CheckText(request.Reason);
        MoveCheck.CheckText(request.By);
        return CarryOutAsync(node, new OrderDrill(kind, seconds, IsReal: true, request.Reason ?? "", request.By ?? ""), cancellationToken);
    }

    private async Task<DrillAnswer> CarryOutAsync(string node, OrderDrill order, CancellationToken cancellationToken)
    {
        var facts = await examination.GatherAsync(cancellationToken);
        var member = await members.FindAsync(node, isLive: true, cancellationToken);
        if (!facts.Hosts.Any(host => host.Incarnation != member.Incarnation))
        {
            throw new OrderRefusedException(
                StatusCodes.Status409Conflict, $"No other node could take over what {member.Name} has: start one first.");
        }

        var probes = facts.Sight.Regions.SelectMany(region => Probes(region, member)).ToArray();
        DrillRegion[] regions =
        [
            .. facts.Sight.Regions.Where(region => probes.Any(probe => probe.Region == region.Name)).Select(region => new DrillRegion(
                region.Name, probes.Count(probe => probe.Region == region.Name), region.Coordinator == member.Address,
                PredictionsAnswer.Of(Predict(facts, region.Coordinator == member.Address)))),
        ];
        var readiness = await nodes.DrillAsync(member.Address, order, cancellationToken) ?? throw new OrderRefusedException(
            StatusCodes.Status503ServiceUnavailable,
            $"Node {member.Name} does not answer: it is not known whether it takes the order; look at /cluster/members.");
        return readiness.Refusal is { } refusal
            ? throw new OrderRefusedException(StatusCodes.Status409Conflict, refusal)
            : new DrillAnswer(
                member.Name, member.Incarnation, order.IsReal ? "ordered" : "possible", readiness.InSeconds, readiness.Gateway,
                PredictionsAnswer.Of(Predict(facts, regions.Any(region => region.Coordinator))), regions, probes);
    }

    private static Predictions Predict(DoctorFacts facts, bool hasCoordinator) =>
        Predicting.Predict(facts.Liveness, facts.Latency, facts.Nodes.Count - 1, hasCoordinator);

    /// <summary>Made-up ids of a kind, nobody knows how to ask another region: a read of an entity that is not there is answered by the shard's owner all the same.</summary>
    private IEnumerable<DrillProbe> Probes(RegionSight region, NodeRow member)
    {
        var wanted = Enumerable.Range(0, region.ShardCount).Where(shard => region.Leases[shard].Owner == member.Incarnation).ToHashSet();
        if (!inspection.Sharding().Kinds.Names.Contains(region.Name))
        {
            yield break;
        }

        var numbers = inspection.Sharding().RegionOf(region.Name);
        for (var number = 0; wanted.Count > 0; number++)
        {
            var id = $"drill-{number}";
            var shard = numbers.NumberOf(id);
            if (wanted.Remove(shard))
            {
                yield return new DrillProbe(region.Name, shard, id);
            }
        }
    }
}
