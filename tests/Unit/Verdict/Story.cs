using AkkaScale.Tests.Verdict;

namespace AkkaScale.Tests.Unit.Verdict;

/// <summary>A short history, told operation by operation; times are in milliseconds. One entity, "pear", under the lease "shard-3", unless another is named.</summary>
internal sealed class Story
{
    private const long Millisecond = 1_000;

    private readonly List<Operation> _operations = [];
    private readonly List<Fault> _faults = [];
    private readonly List<Effect> _effects = [];
    private readonly List<JournalRow> _journal = [];
    private readonly List<LeaseRow> _leases = [];

    /// <summary>Command ids by a name that tests can read.</summary>
    public static Guid Id(string name) => new(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(name)).AsSpan(0, 16));

    public Story Write(
        string command, long from, long? to, long? version, OperationStatus status = OperationStatus.Ok, string entity = "pear", string code = "") =>
        Add(OperationKind.Write, Id(command), from, to, version, status, entity, null, code);

    public Story Read(
        long from, long? to, long? version, OperationStatus status = OperationStatus.Ok, string entity = "pear", string? value = null) =>
        Add(OperationKind.Read, null, from, to, version, status, entity, value, "");

    /// <summary>An event in the journal, after those told before.</summary>
    /// <param name="command">Null: not the last event of its command.</param>
    /// <param name="sequence">By default the next of the entity.</param>
    public Story Row(
        string? command, long version, long? sequence = null, string entity = "pear", string? lease = "shard-3", long epoch = 1, string? node = null,
        long? position = null) => Add(command, version, true, sequence, entity, lease, epoch, node, position);

    /// <summary>An answer that is stored without an event.</summary>
    public Story Answer(string command, long version, string entity = "pear") => Add(command, version, false, null, entity, "shard-3", 1, null, null);

    public Story Lease(string lease, long epoch)
    {
        _leases.Add(new(lease, epoch));
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
        Leases = _leases,
        End = at * Millisecond,
    };

    private Story Add(
        string? command, long version, bool isEvent, long? sequence, string entity, string? lease, long epoch, string? node, long? position)
    {
        _journal.Add(new()
        {
            Entity = entity,
            Sequence = sequence ?? _journal.Count(row => row.Entity == entity) + 1,
            Version = version,
            IsEvent = isEvent,
            CommandId = command is null ? null : Id(command),
            Lease = lease,
            Epoch = epoch,
            Position = position ?? (10 * _journal.Count) + 1,
            Type = "happened",
            Node = node,
        });
        return this;
    }

    private Story Add(
        OperationKind kind, Guid? id, long from, long? to, long? version, OperationStatus status, string entity, string? value, string code)
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
            Value = value,
        });
        return this;
    }
}
