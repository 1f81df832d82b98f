namespace AkkaScale.Pbm.Load.Model;

/// <summary>
/// The rules of the HTTP contract, as far as a trace exercises them, folded over what is sent. It never sees an answer:
/// that makes it a judge of the answers.
/// </summary>
public sealed class ReferenceModel
{
    private readonly Dictionary<string, ModelUser> _users = [];
    private readonly Dictionary<string, ModelProject> _projects = [];
    private readonly Dictionary<string, ModelTask> _tasks = [];

    public IReadOnlyDictionary<string, ModelUser> Users => _users;

    public IReadOnlyDictionary<string, ModelProject> Projects => _projects;

    public IReadOnlyDictionary<string, ModelTask> Tasks => _tasks;

    public ExpectedAnswer RegisterUser(string id, string name)
    {
        if (_users.TryGetValue(id, out var present))
        {
            return present.Name == name ? ExpectedAnswer.Unchanged(1) : ExpectedAnswer.Refused(RefusalCodes.UserExists, 1);
        }

        _users.Add(id, new ModelUser(id, name));
        return ExpectedAnswer.Applied(1);
    }

    public ExpectedAnswer CreateProject(string id, string name, string owner)
    {
        if (_projects.TryGetValue(id, out var present))
        {
            return present.Name == name && present.Owner == owner
                ? ExpectedAnswer.Unchanged(1)
                : ExpectedAnswer.Refused(RefusalCodes.ProjectExists, 1);
        }

        _projects.Add(id, new ModelProject(id, name, owner));
        return ExpectedAnswer.Applied(1);
    }

    /// <summary>Again with the project and title the task has now: unchanged, also when it is done.</summary>
    public ExpectedAnswer CreateTask(string id, string project, string title, string by)
    {
        if (!_projects.ContainsKey(project))
        {
            return ExpectedAnswer.Refused(RefusalCodes.ProjectNotFound);
        }

        if (_tasks.TryGetValue(id, out var task))
        {
            return task.Project == project && task.Title == title
                ? ExpectedAnswer.Unchanged(task.Version)
                : ExpectedAnswer.Refused(RefusalCodes.TaskExists, task.Version);
        }

        _tasks.Add(id, new ModelTask(id, project, title, by));
        return ExpectedAnswer.Applied(1);
    }

    /// <summary>Accepted also when the task is done.</summary>
    public ExpectedAnswer Comment(string id, string text, string by)
    {
        if (!_tasks.TryGetValue(id, out var task))
        {
            return ExpectedAnswer.Refused(RefusalCodes.TaskNotFound);
        }

        task.Version++;
        task.Add(new ModelComment(task.Version, by, text));
        return ExpectedAnswer.Applied(task.Version);
    }

    public ExpectedAnswer Move(string id, string project)
    {
        if (!_projects.ContainsKey(project))
        {
            return ExpectedAnswer.Refused(RefusalCodes.ProjectNotFound);
        }

        return Change(id, task => task.Project == project, task => task.Project = project);
    }

    public ExpectedAnswer Rename(string id, string title) =>
        Change(id, task => task.Title == title, task => task.Title = title);

    public ExpectedAnswer Complete(string id) => Change(id, _ => false, task => task.Done = true);

    private ExpectedAnswer Change(string id, Func<ModelTask, bool> isAlready, Action<ModelTask> apply)
    {
        if (!_tasks.TryGetValue(id, out var task))
        {
            return ExpectedAnswer.Refused(RefusalCodes.TaskNotFound);
        }

        if (task.Done)
        {
            return ExpectedAnswer.Refused(RefusalCodes.TaskAlreadyDone, task.Version);
        }

        if (isAlready(task))
        {
            return ExpectedAnswer.Unchanged(task.Version);
        }

        apply(task);
        task.Version++;
        return ExpectedAnswer.Applied(task.Version);
    }
}
