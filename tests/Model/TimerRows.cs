using AkkaScale.Sharding.Ports;

namespace AkkaScale.Tests.Model;

/// <summary>Table timer, by shard in order of due time.</summary>
internal sealed class TimerRows
{
    private static readonly Comparer<DueTimer> InOrder = Comparer<DueTimer>.Create(Compare);

    private readonly List<DueTimer>[] _shards;

    public TimerRows(int shardCount)
    {
        _shards = new List<DueTimer>[shardCount];
        for (var shard = 0; shard < shardCount; shard++)
        {
            _shards[shard] = [];
        }
    }

    public IReadOnlyList<DueTimer> Of(int shard) => _shards[shard];

    public void Change(int shard, TimerChange change, EntityRows entity)
    {
        for (var index = 0; index < entity.Timers.Count; index++)
        {
            if (entity.Timers[index].Name == change.Name)
            {
                var present = entity.Timers[index];
                entity.Timers.RemoveAt(index);
                _shards[present.Shard].RemoveAt(_shards[present.Shard].BinarySearch(present, InOrder));
                break;
            }
        }

        if (change.DueAt is { } dueAt)
        {
            var timer = new DueTimer(shard, change.Entity, change.Name, change.Version, StoredTime.Of(dueAt));
            entity.Timers.Add(timer);
            _shards[shard].Insert(~_shards[shard].BinarySearch(timer, InOrder), timer);
        }
    }

    public List<DueTimer> ReadDue(IReadOnlyList<int> shards, DateTimeOffset now, int limit)
    {
        var due = new List<DueTimer>();
        var from = 0;
        for (var index = 0; index < shards.Count; index++)
        {
            var before = due.Count;
            foreach (var timer in _shards[shards[index]])
            {
                if (timer.DueAt > now)
                {
                    break;
                }

                due.Add(timer);
            }

            from += due.Count > before ? 1 : 0;
        }

        if (from > 1)
        {
            due.Sort(InOrder);
        }

        if (due.Count > limit)
        {
            due.RemoveRange(limit, due.Count - limit);
        }

        return due;
    }

    private static int Compare(DueTimer left, DueTimer right)
    {
        var order = left.DueAt.CompareTo(right.DueAt);
        if (order == 0)
        {
            order = BytewiseOrder.Compare(left.Entity, right.Entity);
        }

        return order != 0 ? order : BytewiseOrder.Compare(left.Name, right.Name);
    }
}
