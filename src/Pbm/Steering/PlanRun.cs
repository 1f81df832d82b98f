using System.Globalization;
using AkkaScale.Pbm.Management;

namespace AkkaScale.Pbm.Steering;

/// <summary>
/// Carries a plan out, a few moves at a time. A (shard, epoch) has one owner ever, so the epoch tells whether a shard is still as planned; one that is on the
/// node it was to go to counts as moved, whoever moved it. That makes the same plan resumable, and a plan that the cluster has outgrown plain to see.
/// </summary>
public sealed class PlanRun(ManagementClient client, ShardPlan plan, PlanRunOptions options, TimeProvider time)
{
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(200);

    /// <summary>Before this an order may not have been followed yet; after it its row must be there, or the shard.</summary>
    private static readonly TimeSpan FollowedWithin = TimeSpan.FromSeconds(3);

    private readonly long _started = time.GetTimestamp();
    private readonly Dictionary<int, (PlanMoveShape Move, long OrderedAt)> _underWay = [];
    private readonly Queue<PlanMoveShape> _waiting = new();
    private readonly List<ApplyProblem> _problems = [];
    private int _alreadyThere;
    private int _moved;
    private int _wanted;
    private long _lastProgress;

    /// <summary>Arrived by this run.</summary>
    public int Moved => _moved;

    /// <summary>To be moved by this run.</summary>
    public int Wanted => _wanted;

    /// <param name="stop">What is under way is waited for all the same.</param>
    /// <exception cref="NodeUnreachableException">No node answers; what is under way goes on.</exception>
    public async Task<ApplyReport> RunAsync(CancellationToken stop)
    {
        if (!await PrepareAsync(stop).ConfigureAwait(false))
        {
            return Report("outgrown");
        }

        _lastProgress = time.GetTimestamp();
        while (_underWay.Count > 0 || (_waiting.Count > 0 && _problems.Count == 0 && !stop.IsCancellationRequested))
        {
            while (_waiting.Count > 0 && _underWay.Count < options.AtOnce && _problems.Count == 0 && !stop.IsCancellationRequested)
            {
                await OrderAsync(_waiting.Dequeue()).ConfigureAwait(false);
            }

            await LookAsync().ConfigureAwait(false);
            if (time.GetElapsedTime(_lastProgress) > options.Patience)
            {
                _problems.AddRange(_underWay.Values.Select(one => new ApplyProblem(one.Move.Shard, "is still on its way")));
                return Report("stalled");
            }

            if (_underWay.Count > 0)
            {
                await PauseAsync(stop).ConfigureAwait(false);
            }
        }

        return Report(
            _problems.Count > 0 ? "refused"
            : Left == 0 ? "done"
            : stop.IsCancellationRequested ? "interrupted"
            : "partial");
    }

    private int Left => plan.Moves.Count - _alreadyThere - _moved;

    private static bool IsThere(PlanMoveShape move, ShardShape now) => now.Owner == move.To && now.Epoch >= move.Epoch;

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);

    /// <summary>False: some shard is neither as planned nor where the plan wants it, so nothing is moved.</summary>
    private async Task<bool> PrepareAsync(CancellationToken stop)
    {
        var map = await ShardsAsync(stop).ConfigureAwait(false);
        foreach (var move in plan.Moves)
        {
            var now = map.GetValueOrDefault(move.Shard);
            if (now is not null && IsThere(move, now))
            {
                _alreadyThere++;
            }
            else if (now is not null && now.Epoch == move.Epoch)
            {
                if (_waiting.Count < options.MaxMoves)
                {
                    _waiting.Enqueue(move);
                }
            }
            else
            {
                _problems.Add(new ApplyProblem(move.Shard, now is null
                    ? "does not exist in this cluster"
                    : $"was planned at epoch {Number(move.Epoch ?? 0)} on {move.From ?? "no node"} and is at epoch {Number(now.Epoch)} on {now.Owner ?? "no node"}"));
            }
        }

        _wanted = _waiting.Count;
        return _problems.Count == 0;
    }

    private async Task OrderAsync(PlanMoveShape move)
    {
        if (options.AreOrdered)
        {
            _underWay[move.Shard] = (move, time.GetTimestamp());
            return;
        }

        try
        {
            var body = new MoveBody(move.To, options.Reason, options.By, move.Epoch);
            await client.PostAsync(
                $"/shards/{Number(move.Shard)}/move", body, SteeringJson.Default.MoveBody, SteeringJson.Default.MoveShape, CancellationToken.None)
                .ConfigureAwait(false);
            _underWay[move.Shard] = (move, time.GetTimestamp());
        }
        catch (NodeRefusedException refused)
        {
            // The coordinator itself may have moved it since it was looked at.
            if (IsThere(move, (await ShardsAsync(CancellationToken.None).ConfigureAwait(false))[move.Shard]))
            {
                _alreadyThere++;
                _wanted--;
            }
            else
            {
                _problems.Add(new ApplyProblem(move.Shard, refused.Message));
            }
        }
    }

    private async Task LookAsync()
    {
        var map = await ShardsAsync(CancellationToken.None).ConfigureAwait(false);
        foreach (var (shard, (move, _)) in _underWay.ToArray())
        {
            if (map.TryGetValue(shard, out var now) && IsThere(move, now))
            {
                _underWay.Remove(shard);
                _moved++;
                _lastProgress = time.GetTimestamp();
            }
        }

        var late = _underWay.Values.Where(one => time.GetElapsedTime(one.OrderedAt) > FollowedWithin).Select(one => one.Move).ToArray();
        if (late.Length > 0)
        {
            await FindGivenUpAsync(late).ConfigureAwait(false);
        }
    }

    /// <summary>An order whose row is gone although the shard is not there was given up; the shard's decisions say why.</summary>
    private async Task FindGivenUpAsync(IReadOnlyList<PlanMoveShape> late)
    {
        var standing = await client.GetAsync("/orders", SteeringJson.Default.StandingOrders, CancellationToken.None).ConfigureAwait(false);
        var known = standing.Moves.Select(move => move.Shard).ToHashSet();
        var map = await ShardsAsync(CancellationToken.None).ConfigureAwait(false);
        foreach (var move in late.Where(move => !known.Contains(move.Shard) && !IsThere(move, map[move.Shard])))
        {
            var story = await client.GetAsync($"/shards/{Number(move.Shard)}/why", ManagementJson.Default.ShardStory, CancellationToken.None).ConfigureAwait(false);
            _underWay.Remove(move.Shard);
            _problems.Add(new ApplyProblem(move.Shard, story.Decisions.Count > 0 ? story.Decisions[0].Reason : "was not moved"));
        }
    }

    private async Task<Dictionary<int, ShardShape>> ShardsAsync(CancellationToken cancellation) =>
        (await client.GetAsync("/cluster/shards", ManagementJson.Default.ShardMap, cancellation).ConfigureAwait(false))
            .Shards.ToDictionary(shard => shard.Shard);

    private async Task PauseAsync(CancellationToken stop)
    {
        // Shorter once somebody waits for the end; what is under way is not left behind.
        var pause = stop.IsCancellationRequested ? BetweenLooks / 2 : BetweenLooks;
        await Task.Delay(pause, time, CancellationToken.None).ConfigureAwait(false);
    }

    private ApplyReport Report(string outcome) => new(
        plan.PlanId, outcome, plan.Moves.Count, _alreadyThere, _moved, Left, [.. _problems], Math.Round(time.GetElapsedTime(_started).TotalSeconds, 3));
}

/// <param name="MaxMoves">Moves of this run.</param>
/// <param name="AtOnce">Moves under way at a time.</param>
/// <param name="Patience">Without any arrival before the run gives up waiting; the moves go on.</param>
public sealed record PlanRunOptions(int MaxMoves, int AtOnce, string Reason, string By, TimeSpan Patience)
{
    /// <summary>The moves were ordered before: they are only followed.</summary>
    public bool AreOrdered { get; init; }
}
