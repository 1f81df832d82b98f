using System.Text.Json;
using AkkaScale.Hosting.EngineFacts;
using AkkaScale.LegacyCluster;
using AkkaScale.LegacyCluster.Membership;
using AkkaScale.LegacyCluster.Ownership;
using AkkaScale.LegacySharding.Handoff;
using AkkaScale.LegacySharding.Ports;
using AkkaScale.LegacySharding.Regions;

namespace AkkaScale.Hosting.Steering;

/// <summary>What it costs to move shards, as far as it can be known in a second or two; what does not answer by then is left unknown.</summary>
internal sealed class MoveCosts
{
    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan JournalTimeout = TimeSpan.FromSeconds(2);

    private IReadOnlyDictionary<int, int> _residents = new Dictionary<int, int>();
    private IReadOnlyDictionary<int, ShardStats> _stored = new Dictionary<int, ShardStats>();
    private IReadOnlyList<HandoffPause> _pauses = [];

    private MoveCosts()
    {
    }

    public static async Task<MoveCosts> ReadAsync(
        NodeSession session, ClusterReading reading, IReadOnlyList<int> shards, CancellationToken cancellationToken)
    {
        if (shards.Count == 0)
        {
            return new MoveCosts();
        }

        var residents = ClusterInspection.ResidentsAsync(session, reading, cancellationToken);
        var stored = StoredAsync(session.Store.Journal, shards, cancellationToken);
        var pauses = PausesAsync(session, reading, cancellationToken);
        return new MoveCosts { _residents = await residents, _stored = await stored, _pauses = await pauses };
    }

    /// <summary>Entities in memory; null: the owner did not answer.</summary>
    public int? Entities(int shard) => _residents.TryGetValue(shard, out var residents) ? residents : null;

    /// <summary>In journal and snapshots; null: the store took too long.</summary>
    public long? Bytes(int shard) => _stored.TryGetValue(shard, out var stats) ? stats.Bytes + stats.SnapshotBytes : null;

    /// <summary>From pauses that were measured; null: there are none, or how much is in memory is not known.</summary>
    public double? PauseSeconds(int shard) =>
        Entities(shard) is { } residents && HandoffPauses.Expect(_pauses, residents) is { } pause ? Math.Round(pause.TotalSeconds, 4) : null;

    private static async Task<IReadOnlyDictionary<int, ShardStats>> StoredAsync(IJournal journal, IReadOnlyList<int> shards, CancellationToken cancellationToken)
    {
        using var bound = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        bound.CancelAfter(JournalTimeout);
        try
        {
            return (await journal.ReadStatsAsync(shards, bound.Token)).ToDictionary(stats => stats.Shard);
        }
        catch (Exception late) when (late is OperationCanceledException or StoreUnavailableException && !cancellationToken.IsCancellationRequested)
        {
            return new Dictionary<int, ShardStats>();
        }
    }

    private static async Task<IReadOnlyList<HandoffPause>> PausesAsync(NodeSession session, ClusterReading reading, CancellationToken cancellationToken)
    {
        var answers = await Task.WhenAll(reading.Members
            .Where(member => member.IsLive && member.HasRole(MemberSnapshot.EntityRole))
            .Select(member => PausesOfAsync(session, member.Incarnation, cancellationToken)));
        return [.. answers.SelectMany(answer => answer)];
    }

    private static async Task<IEnumerable<HandoffPause>> PausesOfAsync(NodeSession session, Incarnation member, CancellationToken cancellationToken)
    {
        try
        {
            var answer = await session.Questions.AskAsync(member, HandoffPausesTopic.Topic, default, AnswerTimeout, cancellationToken);
            return (JsonSerializer.Deserialize(answer, SteeringJson.Default.PausesAnswer)?.Pauses ?? [])
                .Select(pause => new HandoffPause(pause.Residents, TimeSpan.FromSeconds(pause.Seconds)));
        }
        catch (Exception silence) when (silence is TimeoutException or QuestionRefusedException or JsonException)
        {
            return [];
        }
    }
}
