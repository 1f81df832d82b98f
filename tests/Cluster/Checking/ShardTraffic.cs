using System.Diagnostics;
using AkkaScale.Journal.Verification;
using AkkaScale.Tests.Cluster.Hosting;

namespace AkkaScale.Tests.Cluster.Checking;

/// <summary>
/// The client of one shard: one command after the other to its entities, each through the next node, repeated under its id until it is
/// answered. So what an entity must contain is known exactly.
/// </summary>
internal sealed class ShardTraffic(string shard, IReadOnlyList<string> entities, Func<IReadOnlyList<IProbeNode>> nodes, TimeSpan pace)
{
    private const int ReadEvery = 4;

    private static readonly TimeSpan Attempt = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan NothingAnswers = TimeSpan.FromMilliseconds(100);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, List<Acknowledgement>> _acknowledged = entities.ToDictionary(entity => entity, _ => new List<Acknowledgement>());
    private readonly List<string> _faults = [];
    private readonly List<ShardAnswer> _answers = [];
    private int _turn = shard.GetHashCode(StringComparison.Ordinal) & 0xFF;
    private int _number;

    public string Shard => shard;

    public IReadOnlyList<string> Entities => entities;

    /// <summary>The last command when it was not answered before the end: it may have taken effect.</summary>
    public (string Entity, string CommandId)? Open { get; private set; }

    public IReadOnlyList<Acknowledgement> AcknowledgedOf(string entity)
    {
        lock (_lock)
        {
            return [.. _acknowledged[entity]];
        }
    }

    /// <summary>What was answered that must not be.</summary>
    public IReadOnlyList<string> Faults
    {
        get
        {
            lock (_lock)
            {
                return [.. _faults];
            }
        }
    }

    public IReadOnlyList<ShardAnswer> Answers
    {
        get
        {
            lock (_lock)
            {
                return [.. _answers];
            }
        }
    }

    /// <summary>Whether a command that was first sent after that moment has been answered.</summary>
    public bool AnsweredSince(long moment)
    {
        lock (_lock)
        {
            return _answers.Count > 0 && _answers[^1].SentAt >= moment;
        }
    }

    /// <param name="soft">No more new commands.</param>
    /// <param name="hard">No more attempts.</param>
    public async Task RunAsync(CancellationToken soft, CancellationToken hard)
    {
        for (; !soft.IsCancellationRequested; _number++)
        {
            var entity = entities[_number % entities.Count];
            var id = $"{shard}-{_number}";
            var sentAt = Stopwatch.GetTimestamp();
            if (await RepeatAsync(node => node.NoteAsync(entity, id, Attempt), hard) is not { } noticed)
            {
                Open = (entity, id);
                return;
            }

            Acknowledge(entity, id, noticed, sentAt);
            if (_number % ReadEvery == 0 && await RepeatAsync(node => node.ReadAsync(entity, Attempt), hard) is { } contents)
            {
                Compare(entity, contents);
            }

            await Task.Delay(pace, soft).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<T?> RepeatAsync<T>(Func<IProbeNode, Task<T?>> send, CancellationToken hard)
        where T : class
    {
        while (!hard.IsCancellationRequested)
        {
            var (to, begun) = (nodes(), Stopwatch.GetTimestamp());
            if (to.Count > 0 && await send(to[_turn++ % to.Count]) is { } answer)
            {
                return answer;
            }

            // A node that has ended answers at once that it does not.
            if (Stopwatch.GetElapsedTime(begun) < NothingAnswers)
            {
                await Task.Delay(NothingAnswers, hard).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }

        return null;
    }

    private void Acknowledge(string entity, string id, Noticed noticed, long sentAt)
    {
        lock (_lock)
        {
            var before = _acknowledged[entity];
            if (noticed.CommandId != id || noticed.SequenceNr != before.Count + 1)
            {
                _faults.Add($"{entity}: {id} was answered with {noticed} after {before.Count} others");
            }

            before.Add(new Acknowledgement(ProbeShards.PersistenceId(entity), noticed.SequenceNr, id));
            _answers.Add(new ShardAnswer(sentAt, Stopwatch.GetTimestamp(), noticed.Incarnation));
        }
    }

    /// <summary>Nothing is under way: a read shows all that was acknowledged, and no more.</summary>
    private void Compare(string entity, Contents contents)
    {
        lock (_lock)
        {
            var expected = _acknowledged[entity].Select(each => each.CommandId);
            if (!expected.SequenceEqual(contents.CommandIds))
            {
                _faults.Add($"{entity}: a read from {contents.Incarnation} showed [{string.Join(' ', contents.CommandIds.TakeLast(5))}] "
                    + $"({contents.CommandIds.Length}), acknowledged were {_acknowledged[entity].Count}");
            }
        }
    }
}
