using AkkaScale.Entities;
using AkkaScale.Sharding.Entities;
using AkkaScale.Sharding.Ports;

namespace AkkaScale.Tests.Model;

/// <summary>Table outbox.</summary>
internal sealed class OutboxRows
{
    private static readonly Comparer<OutboxRow> ByAge = Comparer<OutboxRow>.Create(
        static (left, right) => left.AcknowledgedAt!.Value.CompareTo(right.AcknowledgedAt!.Value) is var order && order != 0
            ? order
            : OutboxRow.Compare(left, right));

    // Of one shard, in the order of reading, marks too.
    private readonly List<OutboxRow>[] _shards;

    // Of one channel, in order of number.
    private readonly Dictionary<(EntityKey Sender, EntityKey Receiver), List<OutboxRow>> _channels = [];

    public OutboxRows(int shardCount)
    {
        _shards = new List<OutboxRow>[shardCount];
        for (var shard = 0; shard < shardCount; shard++)
        {
            _shards[shard] = [];
        }
    }

    public bool Holds(OutboxMessage message)
    {
        if (_channels.TryGetValue((message.Sender, message.Receiver), out var channel))
        {
            for (var index = channel.Count - 1; index >= 0 && channel[index].Message.Nr >= message.Nr; index--)
            {
                if (channel[index].Message.Nr == message.Nr)
                {
                    return true;
                }
            }
        }

        return false;
    }

    public void Add(int shard, OutboxMessage message)
    {
        var row = new OutboxRow(shard, message with { At = StoredTime.Of(message.At) });
        if (!_channels.TryGetValue((message.Sender, message.Receiver), out var channel))
        {
            _channels.Add((message.Sender, message.Receiver), channel = []);
        }

        var index = channel.Count;
        while (index > 0 && channel[index - 1].Message.Nr > message.Nr)
        {
            index--;
        }

        channel.Insert(index, row);
        _shards[shard].Insert(IndexOf(row), row);
    }

    /// <summary>What is below the number goes; the message of that number stays as a mark, or goes too when the channel is closed.</summary>
    public void Settle(OutboxSettlement settlement, DateTimeOffset at)
    {
        if (!_channels.TryGetValue((settlement.Sender, settlement.Receiver), out var channel))
        {
            return;
        }

        var gone = 0;
        while (gone < channel.Count
            && (channel[gone].Message.Nr < settlement.Nr || (settlement.IsClosed && channel[gone].Message.Nr == settlement.Nr)))
        {
            Remove(channel[gone++]);
        }

        channel.RemoveRange(0, gone);
        if (channel.Count > 0 && channel[0].Message.Nr == settlement.Nr)
        {
            channel[0].AcknowledgedAt ??= StoredTime.Of(at);
        }
    }

    public List<OutboxMessage> Read(int shard, OutboxMessage? after, int limit)
    {
        var read = new List<OutboxMessage>();
        foreach (var row in _shards[shard])
        {
            if (read.Count >= limit)
            {
                break;
            }

            if (row.AcknowledgedAt is null && (after is null || OutboxRow.CompareTo(row.Message, after) > 0))
            {
                read.Add(row.Message);
            }
        }

        return read;
    }

    /// <summary>Marks older than <paramref name="before"/> with nothing behind them, oldest first.</summary>
    public List<OutboxSettlement> ReadIdle(IReadOnlyList<int> shards, DateTimeOffset before, int limit)
    {
        List<OutboxRow>? idle = null;
        for (var index = 0; index < shards.Count; index++)
        {
            foreach (var row in _shards[shards[index]])
            {
                if (row.AcknowledgedAt < before && _channels[(row.Message.Sender, row.Message.Receiver)][^1] == row)
                {
                    (idle ??= []).Add(row);
                }
            }
        }

        var channels = new List<OutboxSettlement>();
        idle?.Sort(ByAge);
        for (var index = 0; idle is not null && index < idle.Count && index < limit; index++)
        {
            var message = idle[index].Message;
            channels.Add(new OutboxSettlement(message.Sender, message.Receiver, message.Nr, IsClosed: false));
        }

        return channels;
    }

    private void Remove(OutboxRow row) => _shards[row.Shard].RemoveAt(IndexOf(row));

    // Where the row is, or belongs.
    private int IndexOf(OutboxRow row)
    {
        var rows = _shards[row.Shard];
        var (low, high) = (0, rows.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (OutboxRow.Compare(rows[middle], row) < 0)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }
}
