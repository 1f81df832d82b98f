using AkkaScale.Domain.Validation;
using AkkaScale.Entities;

namespace AkkaScale.Domain.Tasks;

/// <summary>
/// The rules of a task: open → in progress → done, from open straight to done, and back by reopening. While its project is archived it is frozen:
/// only deleting changes it.
/// </summary>
public static class TaskEntity
{
    public const string Kind = "task";

    /// <summary>Changes when a stored <see cref="TaskState"/> can no longer be read; then the events are folded anew.</summary>
    /// <remarks>2: frozen and reminded for.</remarks>
    public const int StateVersion = 2;

    private static readonly Refusal NotFound = new("task/not-found", "There is no such task.");
    private static readonly Refusal Deleted = new("task/deleted", "The task was deleted; its id is not used again.");
    private static readonly Refusal AlreadyExists = new("task/exists", "The task exists with other values.");
    private static readonly Refusal AlreadyDone = new("task/already-done", "The task is done; reopen it first.");
    private static readonly Refusal IsFrozen = new("project/archived", "The task's project is archived; restore it first.");
    private static readonly Refusal TooManyLabels =
        new("task/too-many-labels", $"A task has at most {Limits.LabelsPerTask} labels.");

    /// <summary>What of a command is malformed whatever the state: code "request/…". <see cref="Decide"/> checks it too.</summary>
    public static Refusal? Validate(TaskCommand command) => command switch
    {
        CreateTask c => Limits.CheckId(c.Project, "project")
            ?? Limits.CheckTitle(c.Title)
            ?? Limits.CheckDescription(c.Description)
            ?? CheckPriority(c.Priority)
            ?? CheckAllLabels(c.Labels),
        RenameTask c => Limits.CheckTitle(c.Title),
        DescribeTask c => Limits.CheckDescription(c.Description),
        PrioritizeTask c => CheckPriority(c.Priority),
        LabelTask c => Limits.CheckLabels(c.Add, "add") ?? Limits.CheckLabels(c.Remove, "remove"),
        AssignTask c => Limits.CheckId(c.User, "user"),
        CommentOnTask c => Limits.CheckComment(c.Text),
        MoveTask c => Limits.CheckId(c.Project, "project"),
        _ => null,
    };

    public static Decision<TaskEvent> Decide(TaskState state, TaskCommand command, CommandContext context)
    {
        if (Validate(command) is { } malformed)
        {
            return malformed;
        }

        if (state.Deleted)
        {
            return Deleted;
        }

        if (command is CreateTask create)
        {
            return Create(state, create, context.ActingUser);
        }

        if (!state.Exists)
        {
            return NotFound;
        }

        if (state.Frozen && command is not (GetTask or DeleteTask or FreezeTask or UnfreezeTask or RemindTask))
        {
            return IsFrozen;
        }

        if (state.IsDone && command is RenameTask or MoveTask or AssignTask or StartTask or CompleteTask)
        {
            return AlreadyDone;
        }

        return Change(state, command, context.ActingUser);
    }

    /// <exception cref="InvalidOperationException">The event cannot follow on the state: the history is damaged.</exception>
    public static TaskState Evolve(TaskState state, TaskEvent e, EventContext context)
    {
        var happened = Upcast(e);
        if (state.Deleted || state.Exists == happened is TaskCreated || state.Exists != context.Version > 1)
        {
            throw new InvalidOperationException($"{e.GetType().Name} cannot be event {context.Version} of this task.");
        }

        var next = Fold(state, happened, context.At);
        return happened is TaskFrozen or TaskUnfrozen or TaskReminded ? next : next with { UpdatedAt = context.At };
    }

    /// <summary>The event as the latest version of its kind; latest versions as they are.</summary>
    public static TaskEvent Upcast(TaskEvent e) => e switch
    {
        TaskCreatedV1 v1 => new TaskCreated(v1.Project, v1.Title, Priority.Normal, [], v1.By, v1.Description),
        _ => e,
    };

    public static TaskView View(TaskState state, string id, long version) => new(
        id,
        version,
        state.Project,
        state.Title,
        state.Description,
        state.Priority,
        state.Due,
        state.Labels,
        state.Assignee,
        state.Status,
        state.CommentCount,
        state.CreatedBy,
        state.CreatedAt,
        state.UpdatedAt);

    private static Decision<TaskEvent> Create(TaskState state, CreateTask command, string by)
    {
        var description = OrNone(command.Description);
        if (!state.Exists)
        {
            return new TaskCreated(
                command.Project, command.Title, command.Priority, command.Labels, by, description, command.Due?.ToUniversalTime());
        }

        var same = state.Project == command.Project
            && state.Title == command.Title
            && state.Description == description
            && state.Priority == command.Priority
            && state.Due == command.Due
            && state.Labels.Equals(command.Labels);
        return same ? Decision<TaskEvent>.Unchanged : AlreadyExists;
    }

    private static Decision<TaskEvent> Change(TaskState state, TaskCommand command, string by) => command switch
    {
        GetTask => Decision<TaskEvent>.Unchanged,
        RenameTask c => Unless(c.Title == state.Title, new TaskRenamed(c.Title, by)),
        DescribeTask c => Unless(OrNone(c.Description) == state.Description, new TaskDescribed(by, OrNone(c.Description))),
        PrioritizeTask c => Unless(c.Priority == state.Priority, new TaskPrioritized(c.Priority, by)),
        ScheduleTask c => Unless(c.Due == state.Due, new TaskScheduled(by, c.Due?.ToUniversalTime())),
        LabelTask c => Label(state, c, by),
        AssignTask c => Unless(c.User == state.Assignee, new TaskAssigned(c.User, by)),
        UnassignTask => Unless(state.Assignee is null, new TaskUnassigned(by)),
        CommentOnTask c => new TaskCommented(c.Text, by),
        StartTask => Unless(state.Status == WorkStatus.InProgress, new TaskStarted(by)),
        CompleteTask => new TaskCompleted(by),
        ReopenTask => Unless(!state.IsDone, new TaskReopened(by)),
        MoveTask c => Unless(c.Project == state.Project, new TaskMoved(c.Project, by)),
        DeleteTask => new TaskDeleted(by),
        FreezeTask c => Unless(state.Frozen || c.Project != state.Project, new TaskFrozen(by)),
        UnfreezeTask c => Unless(!state.Frozen || c.Project != state.Project, new TaskUnfrozen(by)),
        RemindTask => PendingReminder(state) is { } due ? new TaskReminded(due, by) : Decision<TaskEvent>.Unchanged,
        _ => throw new ArgumentException($"{command.GetType().Name} is no command that a task knows.", nameof(command)),
    };

    private static DateTimeOffset? PendingReminder(TaskState state) =>
        !state.Exists || state.Deleted || state.Frozen || state.IsDone || state.Due == state.RemindedFor ? null : state.Due;

    private static Decision<TaskEvent> Label(TaskState state, LabelTask command, string by)
    {
        LabelSet added = command.Add.Except(state.Labels);
        LabelSet removed = [.. command.Remove.Except(command.Add).Where(state.Labels.Contains)];
        if (state.Labels.Count + added.Count - removed.Count > Limits.LabelsPerTask)
        {
            return TooManyLabels;
        }

        return Unless(added.Count + removed.Count == 0, new TaskLabelled(added, removed, by));
    }

    private static Decision<TaskEvent> Unless(bool nothingToChange, TaskEvent e) =>
        nothingToChange ? Decision<TaskEvent>.Unchanged : e;

    private static TaskState Fold(TaskState state, TaskEvent e, DateTimeOffset at) => e switch
    {
        TaskCreated c => new TaskState
        {
            Exists = true,
            Project = c.Project,
            Title = c.Title,
            Description = c.Description,
            Priority = c.Priority,
            Due = c.Due,
            Labels = c.Labels,
            CreatedBy = c.By,
            CreatedAt = at,
        },
        TaskRenamed r => state with { Title = r.Title },
        TaskDescribed d => state with { Description = d.Description },
        TaskPrioritized p => state with { Priority = p.Priority },
        TaskScheduled s => state with { Due = s.Due, RemindedFor = null },
        TaskLabelled l => state with { Labels = state.Labels.Except(l.Removed).Union(l.Added) },
        TaskAssigned a => state with { Assignee = a.User },
        TaskUnassigned => state with { Assignee = null },
        TaskCommented => state with { CommentCount = state.CommentCount + 1 },
        TaskStarted => state with { Status = WorkStatus.InProgress },
        TaskCompleted => state with { Status = WorkStatus.Done },
        TaskReopened => state with { Status = WorkStatus.Open },
        TaskMoved m => state with { Project = m.Project },
        TaskDeleted => state with
        {
            Deleted = true,
            Frozen = false,
            Description = null,
            Due = null,
            RemindedFor = null,
            Labels = [],
            Assignee = null,
        },
        TaskFrozen => state with { Frozen = true },
        TaskUnfrozen => state with { Frozen = false },
        TaskReminded r => state with { RemindedFor = r.Due },
        _ => throw new InvalidOperationException($"{e.GetType().Name} is no event that a task knows."),
    };

    private static Refusal? CheckAllLabels(LabelSet labels) => Limits.CheckLabels(labels)
        ?? (labels.Count > Limits.LabelsPerTask
            ? new Refusal("request/labels", $"labels must be at most {Limits.LabelsPerTask}.")
            : null);

    private static Refusal? CheckPriority(Priority priority) =>
        Enum.IsDefined(priority) ? null : new Refusal("request/priority", "priority must be low, normal, high or urgent.");

    private static string? OrNone(string? description) => description is "" ? null : description;
}
