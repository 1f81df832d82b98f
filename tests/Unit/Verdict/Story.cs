using AkkaScale.Tests.Verdict;

namespace AkkaScale.Tests.Unit.Verdict;

/// <summary>A short history, told operation by operation; times are in milliseconds. One entity, "pear", in shard 3, unless another is named.</summary>
internal sealed class Story
{
    private const long Millisecond = 1_000;

    private readonly List<Operation> _operations = [];
    private readonly List<Fault> _faults = [];
    private readonly List<Effect> _effects = [];
    private readonly List<JournalRow> _journal = [];

    /// <summary>Command ids by a name that tests can read.</summary>
    public static Guid Id(string name) => new(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(name)).AsSpan(0, 16));

    public Story Write(
        string command, long from, long? to, long? version, OperationStatus status = OperationStatus.Ok, string entity = "pear", string? node = null, long? epoch = null,
        string code = "") => Add(OperationKind.Write, Id(command), from, to, version, status, entity, node, epoch, null, code);

    public Story Read(
        long from, long? to, long? version, OperationStatus status = OperationStatus.Ok, string entity = "pear", string? node = null, long? epoch = null,
        string? value = null) => Add(OperationKind.Read, null, from, to, version, status, entity, node, epoch, value, "");

    /// <summary>A row of the journal.</summary>
    /// <param name="position">By default that of the sequence number: one entity alone in its shard.</param>
    public Story Row(string command, long sequence, string entity = "pear", int shard = 3, long epoch = 1, long? position = null, string? node = null)
    {
        _journal.Add(new()
        {
            Entity = entity,
            Sequence = sequence,
            CommandId = Id(command),
            Shard = shard,
            Epoch = epoch,
            Position = position ?? sequence,
            Type = "happened",
            Node = node,
        });
        return this;
    }

    public Story Fault(string name, long from, long to, string target = "node-1", long? bound = null, string? effect = "it was seen", bool seen = true)
    {
        _faults.Add(new(name, target, from * Millisecond, to * Millisecond, "") { Bound = bound * Millisecond });
        if (effect is not null)
        {
            _effects.Add(new(name, target, seen, effect));
        }

        return this;
    }

    public History End(long at = 60_000) => new()
    {
        Run = new(1, "postgres", 3, 1, 2, "2026-01-01T00:00:00Z"),
        Operations = [.. _operations.OrderBy(operation => operation.Return)],
        Faults = _faults,
        Effects = _effects,
        Journal = _journal,
        End = at * Millisecond,
    };

    private Story Add(
        OperationKind kind, Guid? id, long from, long? to, long? version, OperationStatus status, string entity, string? node, long? epoch, string? value, string code)
    {
        _operations.Add(new()
        {
            Client = _operations.Count % 4,
            Number = _operations.Count,
            Kind = kind,
            Entity = entity,
            CommandId = id,
            Call = from * Millisecond,
            Return = to * Millisecond,
            Status = status,
            Http = status == OperationStatus.Ok ? 200 : 0,
            Code = code,
            Version = version,
            Node = node,
            Epoch = epoch,
            Value = value,
        });
        return this;
    }
}
