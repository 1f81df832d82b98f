using System.Globalization;
using System.Text.Json;
using AkkaScale.Cluster.Membership;
using AkkaScale.Sharding.Regions;

namespace AkkaScale.Hosting.Management;

/// <summary>The shards of one entity kind, in the shape in which Akka's cluster management answers for a region; here for the whole cluster.</summary>
internal sealed class KindRegions(ClusterInspection inspection)
{
    private static readonly TimeSpan OwnerTimeout = TimeSpan.FromSeconds(1);

    public async Task<RegionsAnswer> ReadAsync(string kind, CancellationToken cancellationToken)
    {
        var session = inspection.Session();
        var reading = await session.Store.Cluster.ReadAsync(cancellationToken);
        var question = JsonSerializer.SerializeToUtf8Bytes(new CensusQuestion(kind), KindCensusJson.Default.CensusQuestion);
        var answers = await Task.WhenAll(reading.Members
            .Where(member => member.IsLive && member.HasRole(MemberSnapshot.EntityRole))
            .Select(member => AskAsync(session, member.Incarnation, question, cancellationToken)));
        var counts = answers.SelectMany(answer => answer).GroupBy(count => count.Shard).ToDictionary(group => group.Key, group => group.Last().Residents);
        return new RegionsAnswer([
            .. reading.Owners.Where(owner => owner.Owner is not null).Select(owner => new RegionAnswer(
                owner.Shard.ToString(CultureInfo.InvariantCulture), counts.TryGetValue(owner.Shard, out var count) ? count : null)),
        ]);
    }

    private static async Task<IReadOnlyList<CensusCount>> AskAsync(NodeSession session, Incarnation member, byte[] question, CancellationToken cancellationToken)
    {
        try
        {
            var answer = await session.Questions.AskAsync(member, KindCensus.Topic, question, OwnerTimeout, cancellationToken);
            return JsonSerializer.Deserialize(answer, KindCensusJson.Default.CensusCountArray) ?? [];
        }
        catch (Exception silence) when (silence is TimeoutException or QuestionRefusedException or JsonException)
        {
            return [];
        }
    }
}
