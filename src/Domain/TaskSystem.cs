using AkkaScale.Domain.Projects;
using AkkaScale.Domain.Tasks;
using AkkaScale.Domain.Users;
using AkkaScale.Entities;

namespace AkkaScale.Domain;

/// <summary>The kinds of the task system, as a node hosts them.</summary>
public static class TaskSystem
{
    public static EntityKind<UserState, UserCommand, UserEvent> Users { get; } =
        EntityKind.Define<UserState, UserCommand, UserEvent>(
            UserEntity.Kind, UserState.Initial, UserEntity.Decide, UserEntity.Evolve, UserJson.Default)
            .ShownAs(UserEntity.View, UserJson.Default.UserView);

    public static EntityKind<ProjectState, ProjectCommand, ProjectEvent> Projects { get; } =
        EntityKind.Define<ProjectState, ProjectCommand, ProjectEvent>(
            ProjectEntity.Kind, ProjectState.Initial, ProjectEntity.Decide, ProjectEntity.Evolve, ProjectJson.Default)
            .ShownAs(ProjectEntity.View, ProjectJson.Default.ProjectView);

    public static EntityKind<TaskState, TaskCommand, TaskEvent> Tasks { get; } = DefineTasks();

    public static IReadOnlyList<IEntityKind> Kinds { get; } = [Users, Projects, Tasks];

    private static EntityKind<TaskState, TaskCommand, TaskEvent> DefineTasks()
    {
        var kind = EntityKind.Define<TaskState, TaskCommand, TaskEvent>(
            TaskEntity.Kind, TaskState.Initial, TaskEntity.Decide, TaskEntity.Evolve, TaskJson.Default);
        kind.StateVersion = TaskEntity.StateVersion;
        kind.Upcast = TaskEntity.Upcast;
        return kind.ShownAs(TaskEntity.View, TaskJson.Default.TaskView);
    }
}
