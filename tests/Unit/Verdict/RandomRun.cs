using AkkaScale.Tests.Verdict;

namespace AkkaScale.Tests.Unit.Verdict;

/// <summary>
/// A correct run: every operation takes effect at one moment between its call and its return. Commands of one and of several events, refusals, commands
/// that change nothing, unknown outcomes with and without effect, repeated commands, epochs that rise and owners that change.
/// </summary>
internal sealed class RandomRun
{
    private const int Shards = 16;

    private readonly Random _random;
    private readonly string[] _names;
    private readonly long[] _versions;
    private readonly long[] _sequences;
    private readonly long[] _epochs = new long[Shards];
    private readonly List<Operation> _operations = [];
    private readonly List<JournalRow> _journal = [];
    private readonly List<Operation> _toRepeat = [];
    private long _now = 1_000_000;
    private long _position;

    private RandomRun(int seed, int entities)
    {
        _random = new Random(seed);
        _names = [.. Enumerable.Range(0, entities).Select(number => $"task-{number}")];
        _versions = new long[entities];
        _sequences = new long[entities];
        Array.Fill(_epochs, 1);
    }

    public static History Of(int seed, int operations, int entities = 20)
    {
        var run = new RandomRun(seed, entities);
        for (var number = 0; number < operations; number++)
        {
            run.Next(number);
        }

        return new()
        {
            Run = new(seed, "postgres", 3, entities, 16, "2026-01-01T00:00:00Z"),
            Operations = [.. run._operations.OrderBy(operation => operation.Return ?? long.MaxValue)],
            Journal = run._journal,
            Leases = [.. run._epochs.Select((epoch, shard) => new LeaseRow($"shard-{shard}", epoch))],
            End = run._now + 1_000_000,
        };
    }

    private static string NodeOf(int shard, long epoch) => $"node-{(shard + epoch) % 3}";

    private void Next(int number)
    {
        _now += _random.Next(1, 200);
        if (_toRepeat.Count > 0 && _random.Next(50) == 0)
        {
            Repeat(number);
            return;
        }

        var at = _random.Next(_names.Length);
        var shard = at % Shards;
        _epochs[shard] += _random.Next(500) == 0 ? 1 : 0;
        var kind = _random.Next(3) == 0 ? OperationKind.Read : OperationKind.Write;
        var status = Outcome(kind);
        var id = kind == OperationKind.Write ? Id() : (Guid?)null;
        var isUnknown = status is OperationStatus.Timeout or OperationStatus.Error or OperationStatus.Unavailable;
        if (kind == OperationKind.Write && (status == OperationStatus.Ok || (isUnknown && _random.Next(2) == 0)))
        {
            Append(at, shard, id, _random.Next(10) == 0 ? 3 : 1);
        }
        else if (kind == OperationKind.Write && (!isUnknown || _random.Next(2) == 0))
        {
            AppendRow(at, shard, id, isEvent: false);
        }

        var operation = new Operation
        {
            Client = _random.Next(16),
            Number = number,
            Kind = kind,
            Entity = _names[at],
            CommandId = id,
            Call = _now - _random.Next(1, 20_000),
            Return = isUnknown && _random.Next(2) == 0 ? null : _now + _random.Next(1, 20_000),
            Status = status,
            Http = status == OperationStatus.Ok ? 200 : 409,
            Version = isUnknown ? null : _versions[at],
            Value = kind == OperationKind.Read && !isUnknown ? $"{_versions[at]}" : null,
        };
        _operations.Add(operation);
        if (id is not null && !isUnknown && _random.Next(20) == 0)
        {
            _toRepeat.Add(operation);
        }
    }

    /// <summary>The same answer again.</summary>
    private void Repeat(int number)
    {
        var first = _toRepeat[_random.Next(_toRepeat.Count)];
        _operations.Add(first with
        {
            Number = number,
            Call = _now - 1,
            Return = _now + _random.Next(1, 20_000),
        });
    }

    private void Append(int at, int shard, Guid? id, int events)
    {
        for (var count = 0; count < events; count++)
        {
            _versions[at]++;
            AppendRow(at, shard, count == events - 1 ? id : null, isEvent: true);
        }
    }

    private void AppendRow(int at, int shard, Guid? id, bool isEvent) => _journal.Add(new()
    {
        Entity = _names[at],
        Sequence = ++_sequences[at],
        Version = _versions[at],
        IsEvent = isEvent,
        CommandId = id,
        Lease = $"shard-{shard}",
        Epoch = _epochs[shard],
        Position = _position += _random.Next(1, 3),
        Type = "happened",
        Node = NodeOf(shard, _epochs[shard]),
    });

    private OperationStatus Outcome(OperationKind kind) => _random.Next(100) switch
    {
        < 85 => OperationStatus.Ok,
        < 90 => kind == OperationKind.Write ? OperationStatus.Refused : OperationStatus.Ok,
        < 94 => kind == OperationKind.Write ? OperationStatus.Unchanged : OperationStatus.Ok,
        < 97 => OperationStatus.Timeout,
        < 98 => OperationStatus.Error,
        _ => OperationStatus.Unavailable,
    };

    private Guid Id()
    {
        Span<byte> bytes = stackalloc byte[16];
        _random.NextBytes(bytes);
        return new Guid(bytes);
    }
}
