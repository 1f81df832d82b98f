using AkkaScale.Domain.Projects;
using AkkaScale.Domain.Validation;
using AkkaScale.Gateway.Bodies;
using AkkaScale.Gateway.Routing;
using Microsoft.AspNetCore.Http;

namespace AkkaScale.Gateway.Resources;

/// <summary>Routes of projects.</summary>
internal static class ProjectRoutes
{
    public static readonly Resource Resource = new(
        ProjectEntity.Kind, "projects", ProjectJson.Default.ProjectCommand, new GetProject(), command => ProjectEntity.Validate((ProjectCommand)command));

    private static readonly BodyShape Creation = new(BodyField.Text("name", Limits.NameLength), BodyField.Id("owner"));
    private static readonly BodyShape NewName = new(BodyField.Text("name", Limits.NameLength));
    private static readonly BodyShape Role = new(BodyField.Choice<MemberRole>("role"));

    public static IEnumerable<Route> All { get; } =
    [
        new ReadRoute("/projects/{id}", "Show a project.", Resource),
        new CommandRoute(HttpMethods.Put, "/projects/{id}", "Create a project.", Resource, Creation, Create) { Creates = true },
        new CommandRoute(HttpMethods.Post, "/projects", "Create a project under an id that is made.", Resource, Creation, Create)
        {
            Creates = true,
            MakesId = true,
        },
        new CommandRoute(
            HttpMethods.Post, "/projects/{id}/rename", "Rename a project.", Resource, NewName, from => new RenameProject(from.Body.Text("name"))),
        new CommandRoute(
            HttpMethods.Post, "/projects/{id}/archive", "Archive a project: it takes no more tasks.", Resource, BodyShape.None, _ => new ArchiveProject()),
        new CommandRoute(
            HttpMethods.Post, "/projects/{id}/restore", "Restore an archived project.", Resource, BodyShape.None, _ => new RestoreProject()),
        new CommandRoute(
            HttpMethods.Put, "/projects/{id}/members/{user}", "Add a member, or change the role of one.", Resource, Role,
            from => new SetMember(from.Ids[1], from.Body.Choice<MemberRole>("role"))),
        new CommandRoute(
            HttpMethods.Delete, "/projects/{id}/members/{user}", "Remove a member; the last owner stays.", Resource, BodyShape.None,
            from => new RemoveMember(from.Ids[1])),
    ];

    private static CreateProject Create(CommandSource from) => new(from.Body.Text("name"), from.Body.Text("owner"));
}
