using System.Text.Json;
using AkkaScale.Hosting.Doctor;
using AkkaScale.Hosting.EngineFacts;
using AkkaScale.Hosting.Facts;
using AkkaScale.Hosting.Management;
using AkkaScale.Hosting.Options;
using AkkaScale.LegacyCluster.Membership;
using AkkaScale.LegacyCluster.Ownership;
using AkkaScale.LegacySharding.Regions;
using AkkaScale.LegacySharding.Shards;
using Microsoft.AspNetCore.Http;

namespace AkkaScale.Hosting.Drills;

/// <summary>Has a node ended or paused, where that costs a failover and nothing else; says beforehand what it would cost.</summary>
internal sealed class DrillOrders(ClusterInspection inspection, Examination examination, AkkaScaleOptions options)
{
    private const double DefaultPause = 10;
    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(2);

    /// <summary>What a drill would do; nothing happens.</summary>
    /// <exception cref="OrderRefusedException">It cannot be done, and why.</exception>
    public Task<DrillAnswer> PlanAsync(string node, CancellationToken cancellationToken) =>
        CarryOutAsync(node, new DrillOrder(DrillKind.Kill, 0, IsReal: false, "", ""), cancellationToken);

    /// <inheritdoc cref="PlanAsync"/>
    public Task<DrillAnswer> StartAsync(string node, DrillRequest request, CancellationToken cancellationToken)
    {
        if (!Enum.TryParse<DrillKind>(request.Kind, ignoreCase: true, out var kind) || !Enum.IsDefined(kind))
        {
            throw new OrderRefusedException(StatusCodes.Status400BadRequest, "Say what kind of drill: {\"kind\":\"kill\"} or {\"kind\":\"pause\",\"seconds\":10}.");
        }

        var seconds = request.Seconds ?? DefaultPause;
        if (!(seconds is >= 0.5 and <= 300))
        {
            throw new OrderRefusedException(StatusCodes.Status400BadRequest, $"seconds is {seconds}: set 0.5 to 300.");
        }

        return CarryOutAsync(
            node,
            new DrillOrder(kind, seconds, IsReal: true, OrderChecks.Check(request.Reason), OrderChecks.Check(request.By)),
            cancellationToken);
    }

    private async Task<DrillAnswer> CarryOutAsync(string node, DrillOrder order, CancellationToken cancellationToken)
    {
        var session = inspection.Session();
        var facts = await examination.GatherAsync(cancellationToken);
        OrderChecks.CheckNode(facts.Reading, node);
        var member = One(facts.Reading, node);
        var heirs = Heirs(facts.Reading, member);
        if (heirs == 0)
        {
            throw new OrderRefusedException(
                StatusCodes.Status409Conflict, $"No other node could take over what {node} has: start or uncordon one first.");
        }

        var shards = facts.Reading.Owners.Where(owner => owner.Owner == member.Incarnation).Select(owner => owner.Shard).ToArray();
        var probes = Probes(shards, facts.Reading.Identity.ShardCount);
        var predicted = Predicting.Predict(
            options.Cluster, options.Sharding, facts.Latency, facts.Nodes.Count - 1, (shards.Length + heirs - 1) / heirs);
        var readiness = await AskAsync(session, member, order, cancellationToken);
        return new DrillAnswer(
            node, member.Incarnation.ToString(), order.IsReal ? "ordered" : "possible", readiness.InSeconds, readiness.Gateway,
            PredictionsAnswer.Of(predicted), probes);
    }

    private static MemberSnapshot One(ClusterReading reading, string node)
    {
        var live = reading.Members.Where(member => member.NodeName == node && member.IsLive).ToArray();
        return live.Length == 1 ? live[0] : throw new OrderRefusedException(
            StatusCodes.Status409Conflict, live.Length == 0 ? $"Node {node} does not run." : $"{live.Length} members are called {node}: no one can be meant.");
    }

    private static int Heirs(ClusterReading reading, MemberSnapshot member)
    {
        var closed = reading.Orders.Select(order => order.NodeName).ToHashSet(StringComparer.Ordinal);
        return reading.Members.Count(other => other.Status == MemberStatus.Up && other.HasRole(MemberSnapshot.EntityRole)
            && other.Incarnation != member.Incarnation && !closed.Contains(other.NodeName));
    }

    /// <summary>Made-up ids: a read of an entity that is not there is answered by the shard's owner all the same.</summary>
    private static DrillProbe[] Probes(int[] shards, int shardCount)
    {
        var wanted = shards.ToHashSet();
        var found = new SortedDictionary<int, string>();
        for (var number = 0; found.Count < wanted.Count; number++)
        {
            var id = $"drill-{number}";
            var shard = ShardHash.ShardOf(id, shardCount);
            if (wanted.Contains(shard))
            {
                found.TryAdd(shard, id);
            }
        }

        return [.. found.Select(probe => new DrillProbe(probe.Key, probe.Value))];
    }

    private static async Task<DrillReadiness> AskAsync(NodeSession session, MemberSnapshot member, DrillOrder order, CancellationToken cancellationToken)
    {
        try
        {
            var answer = await session.Questions.AskAsync(
                member.Incarnation, DrillTopic.Topic, JsonSerializer.SerializeToUtf8Bytes(order, DrillJson.Default.DrillOrder), AnswerTimeout, cancellationToken);
            return JsonSerializer.Deserialize(answer, DrillJson.Default.DrillReadiness)!;
        }
        catch (QuestionRefusedException refused)
        {
            throw new OrderRefusedException(StatusCodes.Status409Conflict, refused.Message);
        }
        catch (TimeoutException)
        {
            throw new OrderRefusedException(
                StatusCodes.Status503ServiceUnavailable, $"Node {member.NodeName} does not answer: it is not known whether it takes the order; look at /cluster/members.");
        }
    }
}
