using AkkaScale.Entities;
using AkkaScale.Hosting.Facts;
using AkkaScale.LegacySharding.Entities;
using AkkaScale.LegacySharding.Ports;
using AkkaScale.LegacySharding.Shards;

namespace AkkaScale.Hosting.EngineFacts;

/// <summary>
/// Checks what the journal must always hold, for one shard, from its rows alone: I1 (every command's last event carries its id and its answer),
/// I2 (positions gapless, each entity's sequence numbers 1..n, epochs never decreasing), I3 (every epoch written under has one owner on record).
/// </summary>
internal static class JournalVerification
{
    private const int PageSize = 1_000;
    private const int MaxViolations = 100;

    public static async Task<JournalCheck> VerifyAsync(IJournal journal, int shard, int shardCount, CancellationToken cancellationToken)
    {
        var rows = new RowChecks(shard, shardCount);
        while (true)
        {
            var page = await journal.ReadShardAsync(shard, rows.LastPosition, PageSize, cancellationToken);
            foreach (var row in page)
            {
                rows.Check(row);
            }

            if (page.Count < PageSize)
            {
                break;
            }
        }

        // Read after the rows: an epoch of a row was on record before the row was written.
        rows.CheckOwners(await journal.ReadOwnershipAsync(shard, cancellationToken));
        return new JournalCheck(new ShardKey(null, shard), rows.Events, rows.Entities, rows.Violations);
    }

    private sealed class RowChecks(int shard, int shardCount)
    {
        private readonly Dictionary<EntityKey, long> _versions = [];
        private readonly SortedDictionary<long, long> _firstPositionOfEpoch = [];
        private readonly List<JournalViolation> _violations = [];
        private JournalEvent? _previous;
        private long _epoch;

        public long LastPosition { get; private set; }

        public long Events { get; private set; }

        public long Entities => _versions.Count;

        public IReadOnlyList<JournalViolation> Violations => _violations;

        public void Check(JournalEvent row)
        {
            Expect(row.Position == LastPosition + 1, "I2", row, $"position {row.Position} follows {LastPosition}");
            Expect(row.Epoch >= _epoch, "I2", row, $"epoch {row.Epoch} follows {_epoch}");
            var version = _versions.GetValueOrDefault(row.Entity);
            Expect(row.SequenceNr == version + 1, "I2", row, $"sequence number {row.SequenceNr} follows {version}");
            Expect(ShardHash.ShardOf(row.Entity.Id, shardCount) == shard, "I2", row, "the entity belongs to another shard");
            Expect(row.CommandId != Guid.Empty, "I1", row, "the event has no command id");
            CheckAnswer(row);

            _versions[row.Entity] = row.SequenceNr;
            _firstPositionOfEpoch.TryAdd(row.Epoch, row.Position);
            _epoch = Math.Max(_epoch, row.Epoch);
            _previous = row;
            LastPosition = row.Position;
            Events++;
        }

        /// <summary>Last, over the whole shard.</summary>
        public void CheckOwners(IReadOnlyList<OwnershipRecord> owners)
        {
            if (_previous is { } last)
            {
                Expect(!last.Answer.IsEmpty, "I1", last, "the last event of its command holds no answer");
            }

            foreach (var twice in owners.GroupBy(owner => owner.Epoch).Where(group => group.Count() > 1))
            {
                Add("I3", null, null, $"epoch {twice.Key} has {twice.Count()} owners on record");
            }

            var known = owners.Select(owner => owner.Epoch).ToHashSet();
            foreach (var (epoch, position) in _firstPositionOfEpoch)
            {
                if (!known.Contains(epoch))
                {
                    Add("I3", position, null, $"epoch {epoch} has no owner on record");
                }
            }
        }

        /// <summary>The events of one command stand together; the last of them, and no other, holds the answer.</summary>
        private void CheckAnswer(JournalEvent row)
        {
            if (_previous is { } previous)
            {
                var isSameCommand = previous.CommandId == row.CommandId && previous.Entity == row.Entity;
                Expect(isSameCommand == previous.Answer.IsEmpty, "I1", previous, isSameCommand
                    ? "an event before its command's last one holds an answer"
                    : "the last event of its command holds no answer");
            }
        }

        private void Expect(bool holds, string invariant, JournalEvent row, string detail)
        {
            if (!holds)
            {
                Add(invariant, row.Position, row.Entity.ToString(), detail);
            }
        }

        private void Add(string invariant, long? position, string? entity, string detail)
        {
            if (_violations.Count < MaxViolations)
            {
                _violations.Add(new JournalViolation(invariant, position, entity, detail));
            }
        }
    }
}
