using AkkaScale.Pbm.Traces;

namespace AkkaScale.Pbm.Load.Model;

/// <summary>
/// A whole trace as commands with expected answers, in memory: about 150 bytes a command. It is made before the first
/// command is sent, so that which steps are sent depends on the trace alone and a second run sends the same keys.
/// </summary>
public sealed class LoadPlan
{
    private readonly Dictionary<string, EntityChain> _tasks = [];
    private readonly List<EntityChain> _users = [];
    private readonly List<EntityChain> _projects = [];
    private readonly List<EntityChain> _taskOrder = [];
    private readonly Dictionary<(LoadStep Step, string Code), long> _refusals = [];

    private LoadPlan()
    {
    }

    public ReferenceModel Model { get; } = new();

    public int Actions { get; private set; }

    public long Commands { get; private set; }

    /// <summary>In trace order; sent before the projects.</summary>
    public IReadOnlyList<EntityChain> Users => _users;

    /// <summary>In trace order; sent before the tasks.</summary>
    public IReadOnlyList<EntityChain> Projects => _projects;

    public IReadOnlyList<EntityChain> Tasks => _taskOrder;

    public IReadOnlyDictionary<(LoadStep Step, string Code), long> ExpectedRefusals => _refusals;

    /// <exception cref="TraceFormatException">Passed on from the reader.</exception>
    public static LoadPlan From(IEnumerable<TraceAction> actions)
    {
        var plan = new LoadPlan();
        foreach (var action in actions)
        {
            plan.Add(action);
        }

        return plan;
    }

    private void Add(in TraceAction action)
    {
        Actions++;
        var user = AddUser(action);
        var project = AddProject(action, user);
        if (!_tasks.TryGetValue(action.Task, out var chain))
        {
            chain = new EntityChain(action.Task);
            _tasks.Add(action.Task, chain);
            _taskOrder.Add(chain);
        }

        switch (action.Kind)
        {
            case TraceActionKind.Create:
                Add(chain, new LoadCommand(action.Line, LoadStep.Create, chain.Id, user, action.Title!, project,
                    Model.CreateTask(chain.Id, project, action.Title!, user)));
                break;
            case TraceActionKind.Edit:
                var text = $"edit at {action.At} (line {action.Line})";
                Add(chain, new LoadCommand(action.Line, LoadStep.Comment, chain.Id, user, text, null,
                    Model.Comment(chain.Id, text, user)));
                break;
            case TraceActionKind.Rename:
                AddRename(action, chain, user, project);
                break;
            case TraceActionKind.Close:
                Add(chain, new LoadCommand(action.Line, LoadStep.Complete, chain.Id, user, "", null, Model.Complete(chain.Id)));
                break;
        }
    }

    /// <summary>
    /// Move if the project differs, then rename if the title differs. A refused move ends the action: what the rename
    /// would be answered is known (the same refusal), and the trace's table counts an action's refusal once.
    /// </summary>
    private void AddRename(in TraceAction action, EntityChain chain, string user, string project)
    {
        var task = Model.Tasks.GetValueOrDefault(chain.Id);
        if (task is null || task.Project != project)
        {
            var move = new LoadCommand(action.Line, LoadStep.Move, chain.Id, user, "", project, Model.Move(chain.Id, project));
            Add(chain, move);
            if (move.Expected.IsRefusal)
            {
                return;
            }
        }

        if (task!.Title != action.Title)
        {
            Add(chain, new LoadCommand(action.Line, LoadStep.Rename, chain.Id, user, action.Title!, null,
                Model.Rename(chain.Id, action.Title!)));
        }
    }

    private string AddUser(in TraceAction action)
    {
        if (Model.Users.TryGetValue(action.User, out var known))
        {
            return known.Id;
        }

        var expected = Model.RegisterUser(action.User, action.User);
        var chain = new EntityChain(action.User);
        _users.Add(chain);
        Add(chain, new LoadCommand(action.Line, LoadStep.User, action.User, action.User, action.User, null, expected));
        return action.User;
    }

    /// <summary>The first to appear in a project owns it, whatever became of the action.</summary>
    private string AddProject(in TraceAction action, string user)
    {
        if (Model.Projects.TryGetValue(action.Project, out var known))
        {
            return known.Id;
        }

        var expected = Model.CreateProject(action.Project, action.Project, user);
        var chain = new EntityChain(action.Project);
        _projects.Add(chain);
        Add(chain, new LoadCommand(action.Line, LoadStep.Project, action.Project, user, action.Project, null, expected));
        return action.Project;
    }

    private void Add(EntityChain chain, LoadCommand command)
    {
        chain.Add(command);
        Commands++;
        if (command.Expected.Code is { } code)
        {
            _refusals[(command.Step, code)] = _refusals.GetValueOrDefault((command.Step, code)) + 1;
        }
    }
}
