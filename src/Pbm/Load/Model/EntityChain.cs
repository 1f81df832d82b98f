namespace AkkaScale.Pbm.Load.Model;

/// <summary>The commands of one entity, in the order in which they must be sent. Held by one worker at a time.</summary>
public sealed class EntityChain(string id)
{
    private readonly List<LoadCommand> _commands = [];
    private int _next;

    public string Id { get; } = id;

    public int Count => _commands.Count;

    public int Left => _commands.Count - _next;

    public LoadCommand Next => _commands[_next];

    /// <summary>The newest version that an answer carried; 0 before the first.</summary>
    public long AcknowledgedVersion { get; set; }

    public IReadOnlyList<LoadCommand> Commands => _commands;

    public void Advance() => _next++;

    internal void Add(LoadCommand command) => _commands.Add(command);
}
