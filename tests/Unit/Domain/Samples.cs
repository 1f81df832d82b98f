using AkkaScale.Domain.Projects;
using AkkaScale.Domain.Tasks;
using AkkaScale.Domain.Users;

namespace AkkaScale.Tests.Unit.Domain;

/// <summary>One of everything that leaves the process, with a text that needs escaping and every optional member set.</summary>
internal static class Samples
{
    private const string Text = "Prüfe <b>\"x\"</b> & 火箭 🚀\n";

    private static readonly DateTimeOffset Due = new(2026, 4, 1, 8, 30, 0, 250, TimeSpan.Zero);
    private static readonly DateTimeOffset Later = Due.AddDays(1);

    public static IReadOnlyList<UserCommand> UserCommands { get; } =
        [new RegisterUser(Text, "ann@example.org"), new RenameUser("Ann"), new GetUser()];

    public static IReadOnlyList<UserEvent> UserEvents { get; } =
        [new UserRegistered(Text, "root", "ann@example.org"), new UserRenamed("Ann", "root")];

    public static UserState User { get; } =
        new() { Exists = true, Name = "Ann", Email = "ann@example.org", CreatedAt = Due, UpdatedAt = Later };

    public static IReadOnlyList<ProjectCommand> ProjectCommands { get; } =
    [
        new CreateProject(Text, "olga"), new RenameProject("Apollo"), new ArchiveProject(), new RestoreProject(),
        new SetMember("mia", MemberRole.Editor), new RemoveMember("mia"), new GetProject(), new CheckProjectTakesTasks(),
    ];

    public static IReadOnlyList<ProjectEvent> ProjectEvents { get; } =
    [
        new ProjectCreated(Text, "olga", "root"), new ProjectRenamed("Apollo", "root"), new ProjectArchived("root"),
        new ProjectRestored("root"), new MemberAdded("mia", MemberRole.Viewer, "root"),
        new MemberRoleChanged("mia", MemberRole.Owner, "root"), new MemberRemoved("mia", "root"),
    ];

    public static ProjectState Project { get; } = new()
    {
        Exists = true,
        Name = "Apollo",
        Owner = "olga",
        Archived = true,
        Members = MemberList.Empty.With("olga", MemberRole.Owner).With("mia", MemberRole.Editor).With("Zoe", MemberRole.Viewer),
        CreatedAt = Due,
        UpdatedAt = Later,
    };

    public static IReadOnlyList<TaskCommand> TaskCommands { get; } =
    [
        new CreateTask("apollo", Text, Priority.High, ["b", "a"], "Soon", Due), new RenameTask("Land"), new DescribeTask(Text),
        new PrioritizeTask(Priority.Urgent), new ScheduleTask(Due), new LabelTask(["b", "a"], ["c"]), new AssignTask("mia"),
        new UnassignTask(), new CommentOnTask(Text), new StartTask(), new CompleteTask(), new ReopenTask(),
        new MoveTask("gemini"), new DeleteTask(), new GetTask(), new FreezeTask("apollo"), new UnfreezeTask("apollo"), new RemindTask(),
    ];

    public static IReadOnlyList<TaskEvent> TaskEvents { get; } =
    [
        new TaskCreatedV1("apollo", Text, "root", "Soon"),
        new TaskCreated("apollo", Text, Priority.High, ["b", "a"], "root", "Soon", Due),
        new TaskRenamed("Land", "root"), new TaskDescribed("root", Text), new TaskPrioritized(Priority.Low, "root"),
        new TaskScheduled("root", Due), new TaskLabelled(["b", "a"], ["c"], "root"), new TaskAssigned("mia", "root"),
        new TaskUnassigned("root"), new TaskCommented(Text, "root"), new TaskStarted("root"), new TaskCompleted("root"),
        new TaskReopened("root"), new TaskMoved("gemini", "root"), new TaskDeleted("root"),
        new TaskFrozen("root"), new TaskUnfrozen("root"), new TaskReminded(Due, "root"),
    ];

    public static TaskState Task { get; } = new()
    {
        Exists = true,
        Deleted = true,
        Project = "apollo",
        Title = Text,
        Description = "Soon",
        Priority = Priority.Urgent,
        Due = Due,
        Labels = ["b", "a"],
        RemindedFor = Due,
        Assignee = "mia",
        Frozen = true,
        Status = WorkStatus.InProgress,
        CommentCount = 12,
        CreatedBy = "root",
        CreatedAt = Due,
        UpdatedAt = Later,
    };
}
