using System.Runtime.InteropServices;

namespace AkkaScale.Tests.Verdict.Checks;

/// <summary>A history by entity and by command.</summary>
internal sealed class HistoryIndex
{
    private readonly Dictionary<string, EntityHistory> _entities = new(StringComparer.Ordinal);
    private readonly Dictionary<Guid, Command> _commands;

    public HistoryIndex(History history)
    {
        History = history;
        _commands = new(history.Operations.Count);
        foreach (var operation in history.Operations)
        {
            Of(operation.Entity).Operations.Add(operation);
            if (operation is { Kind: OperationKind.Write, CommandId: { } id })
            {
                ref var command = ref CollectionsMarshal.GetValueRefOrAddDefault(_commands, id, out var known);
                if (known)
                {
                    command!.Add(operation);
                }
                else
                {
                    command = new Command(operation);
                }
            }
        }

        foreach (var row in history.Journal)
        {
            Of(row.Entity).Rows.Add(row);
        }

        Entities = [.. _entities.Values.OrderBy(entity => entity.Name, StringComparer.Ordinal)];
        foreach (var entity in Entities)
        {
            entity.Sort();
            foreach (var row in entity.Rows)
            {
                if (row.CommandId is { } id && _commands.TryGetValue(id, out var command))
                {
                    command.Add(row);
                }
            }
        }
    }

    public History History { get; }

    /// <summary>By name.</summary>
    public IReadOnlyList<EntityHistory> Entities { get; }

    /// <summary>Those of clients.</summary>
    public IReadOnlyDictionary<Guid, Command> Commands => _commands;

    public Command? CommandOf(Operation operation) =>
        operation is { Kind: OperationKind.Write, CommandId: { } id } ? _commands[id] : null;

    private EntityHistory Of(string name)
    {
        ref var entity = ref CollectionsMarshal.GetValueRefOrAddDefault(_entities, name, out _);
        return entity ??= new EntityHistory(name);
    }
}
