using AkkaScale.Domain.Tasks;
using AkkaScale.Domain.Validation;
using AkkaScale.Gateway.Bodies;
using AkkaScale.Gateway.Routing;
using Microsoft.AspNetCore.Http;

namespace AkkaScale.Gateway.Resources;

/// <summary>Routes of tasks.</summary>
internal static class TaskRoutes
{
    public static readonly Resource Resource = new(
        TaskEntity.Kind, "tasks", TaskJson.Default.TaskCommand, new GetTask(), command => TaskEntity.Validate((TaskCommand)command));

    private static readonly BodyShape Creation = new(
        BodyField.Id("project"),
        BodyField.Text("title", Limits.NameLength),
        BodyField.Text("description", Limits.DescriptionBytes).Optional(),
        BodyField.Choice<Priority>("priority").Optional(),
        BodyField.Time("due").Optional(),
        BodyField.Labels("labels").Optional());

    private static readonly BodyShape NewTitle = new(BodyField.Text("title", Limits.NameLength));
    private static readonly BodyShape Description = new(BodyField.Text("description", Limits.DescriptionBytes).Nullable());
    private static readonly BodyShape NewPriority = new(BodyField.Choice<Priority>("priority"));
    private static readonly BodyShape Due = new(BodyField.Time("due").Nullable());
    private static readonly BodyShape Labels = new(BodyField.Labels("add").Optional(), BodyField.Labels("remove").Optional());
    private static readonly BodyShape Assignee = new(BodyField.Id("user"));
    private static readonly BodyShape Comment = new(BodyField.Text("text", Limits.CommentBytes));
    private static readonly BodyShape Project = new(BodyField.Id("project"));

    public static IEnumerable<Route> All { get; } =
    [
        new ReadRoute("/tasks/{id}", "Show a task.", Resource),
        new CommentsRoute("/tasks/{id}/comments", "Show a page of a task's comments, in order.", Resource),
        new CommandRoute(HttpMethods.Put, "/tasks/{id}", "Create a task.", Resource, Creation, Create)
        {
            Creates = true,
            ProjectOf = command => ((CreateTask)command).Project,
        },
        new CommandRoute(HttpMethods.Post, "/tasks", "Create a task under an id that is made.", Resource, Creation, Create)
        {
            Creates = true,
            MakesId = true,
            ProjectOf = command => ((CreateTask)command).Project,
        },
        new CommandRoute(HttpMethods.Delete, "/tasks/{id}", "Delete a task for good.", Resource, BodyShape.None, _ => new DeleteTask()),
        Action("rename", "Change the title.", NewTitle, from => new RenameTask(from.Body.Text("title"))),
        Action("describe", "Change the description; null or empty: none.", Description, from => new DescribeTask(from.Body.OptionalText("description"))),
        Action("prioritize", "Change the priority.", NewPriority, from => new PrioritizeTask(from.Body.Choice<Priority>("priority"))),
        Action("schedule", "Set the due time; null clears it.", Due, from => new ScheduleTask(from.Body.Time("due"))),
        Action("label", "Add and remove labels.", Labels, from => new LabelTask(from.Body.Labels("add"), from.Body.Labels("remove"))),
        Action("assign", "Assign the task to a user.", Assignee, from => new AssignTask(from.Body.Text("user"))),
        Action("unassign", "Assign the task to nobody.", BodyShape.None, _ => new UnassignTask()),
        Action("comment", "Comment on the task, also when it is done.", Comment, from => new CommentOnTask(from.Body.Text("text"))),
        Action("start", "Start work.", BodyShape.None, _ => new StartTask()),
        Action("complete", "Finish the task.", BodyShape.None, _ => new CompleteTask()),
        Action("reopen", "Open the finished task again.", BodyShape.None, _ => new ReopenTask()),
        Action("move", "Move the task to another project.", Project, from => new MoveTask(from.Body.Text("project"))) with
        {
            ProjectOf = command => ((MoveTask)command).Project,
        },
    ];

    private static CommandRoute Action(string name, string summary, BodyShape body, Func<CommandSource, object> toCommand) =>
        new(HttpMethods.Post, $"/tasks/{{id}}/{name}", summary, Resource, body, toCommand);

    private static CreateTask Create(CommandSource from) => new(
        from.Body.Text("project"),
        from.Body.Text("title"),
        from.Body.Choice("priority", Priority.Normal),
        from.Body.Labels("labels"),
        from.Body.OptionalText("description"),
        from.Body.Time("due"));
}
