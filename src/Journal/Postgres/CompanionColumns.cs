using AkkaScale.Entities;
using AkkaScale.Sharding.Entities;
using AkkaScale.Sharding.Ports;

namespace AkkaScale.Journal.Postgres;

/// <summary>The columns of an append that most batches do not have: message origins, timers, messages, settlements, remembered entities.</summary>
internal sealed class CompanionColumns
{
    // Settlements of one channel in one slice: a statement may not write a row twice, so the last word is sent.
    private readonly Dictionary<(EntityKey Sender, EntityKey Receiver), OutboxSettlement> _settled = [];

    private readonly List<string?> _originKind;
    private readonly List<string?> _originId;
    private readonly List<long?> _originNr;

    private readonly EntityColumns _set;
    private readonly List<string> _setName;
    private readonly List<long> _setVersion;
    private readonly List<DateTime> _setDueAt;

    private readonly EntityColumns _removed;
    private readonly List<string> _removedName;

    private readonly ChannelColumns _message;
    private readonly List<string> _messageActingUser;
    private readonly List<ReadOnlyMemory<byte>> _messageCommand;
    private readonly List<DateTime> _messageAt;

    private readonly ChannelColumns _settlement;
    private readonly List<bool> _settlementIsClosed;

    private readonly EntityColumns _remembered;
    private readonly List<bool> _isRemembered;

    // The columns are made in the order of the statement's parameters.
    public CompanionColumns(ColumnSet columns)
    {
        (_originKind, _originId, _originNr) = (columns.Add<string?>(), columns.Add<string?>(), columns.Add<long?>());
        _set = new EntityColumns(columns);
        (_setName, _setVersion, _setDueAt) = (columns.Add<string>(), columns.Add<long>(), columns.Add<DateTime>());
        _removed = new EntityColumns(columns);
        _removedName = columns.Add<string>();
        _message = new ChannelColumns(columns);
        (_messageActingUser, _messageCommand, _messageAt) = (columns.Add<string>(), columns.Add<ReadOnlyMemory<byte>>(), columns.Add<DateTime>());
        _settlement = new ChannelColumns(columns);
        _settlementIsClosed = columns.Add<bool>();
        _remembered = new EntityColumns(columns);
        _isRemembered = columns.Add<bool>();
    }

    /// <summary>True while nothing but plain events was added.</summary>
    public bool IsEmpty { get; private set; } = true;

    public void Clear() => IsEmpty = true;

    /// <summary>To be called once for each event, in order.</summary>
    public void AddOrigin(MessageOrigin? origin)
    {
        IsEmpty &= origin is null;
        _originKind.Add(origin?.Sender.Kind);
        _originId.Add(origin?.Sender.Id);
        _originNr.Add(origin?.Nr);
    }

    public void Add(ShardSlice slice)
    {
        IsEmpty &= slice is { Timers.Count: 0, Messages.Count: 0, Settlements.Count: 0, Remembered.Count: 0 };
        foreach (var change in slice.Timers)
        {
            AddTimer(slice.Shard, change);
        }

        foreach (var message in slice.Messages)
        {
            _message.Add(slice.Shard, message.Sender, message.Receiver, message.Nr);
            _messageActingUser.Add(message.ActingUser);
            _messageCommand.Add(message.Command);
            _messageAt.Add(message.At.UtcDateTime);
        }

        AddSettlements(slice);
        foreach (var (entity, isRemembered) in slice.Remembered)
        {
            _remembered.Add(slice.Shard, entity);
            _isRemembered.Add(isRemembered);
        }
    }

    private void AddTimer(int shard, TimerChange change)
    {
        if (change.DueAt is { } dueAt)
        {
            _set.Add(shard, change.Entity);
            _setName.Add(change.Name);
            _setVersion.Add(change.Version);
            _setDueAt.Add(dueAt.UtcDateTime);
        }
        else
        {
            _removed.Add(shard, change.Entity);
            _removedName.Add(change.Name);
        }
    }

    private void AddSettlements(ShardSlice slice)
    {
        if (slice.Settlements.Count == 0)
        {
            return;
        }

        _settled.Clear();
        foreach (var settlement in slice.Settlements)
        {
            var channel = (settlement.Sender, settlement.Receiver);
            if (!_settled.TryGetValue(channel, out var earlier)
                || (settlement.Nr, settlement.IsClosed).CompareTo((earlier.Nr, earlier.IsClosed)) > 0)
            {
                _settled[channel] = settlement;
            }
        }

        foreach (var settlement in _settled.Values)
        {
            _settlement.Add(slice.Shard, settlement.Sender, settlement.Receiver, settlement.Nr);
            _settlementIsClosed.Add(settlement.IsClosed);
        }
    }

    private sealed class EntityColumns(ColumnSet columns)
    {
        private readonly List<int> _shard = columns.Add<int>();
        private readonly List<string> _kind = columns.Add<string>();
        private readonly List<string> _id = columns.Add<string>();

        public void Add(int shard, EntityKey entity)
        {
            _shard.Add(shard);
            _kind.Add(entity.Kind);
            _id.Add(entity.Id);
        }
    }

    private sealed class ChannelColumns(ColumnSet columns)
    {
        private readonly EntityColumns _sender = new(columns);
        private readonly List<string> _receiverKind = columns.Add<string>();
        private readonly List<string> _receiverId = columns.Add<string>();
        private readonly List<long> _nr = columns.Add<long>();

        public void Add(int shard, EntityKey sender, EntityKey receiver, long nr)
        {
            _sender.Add(shard, sender);
            _receiverKind.Add(receiver.Kind);
            _receiverId.Add(receiver.Id);
            _nr.Add(nr);
        }
    }
}
