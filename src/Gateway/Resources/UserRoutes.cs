using AkkaScale.Domain.Users;
using AkkaScale.Domain.Validation;
using AkkaScale.Gateway.Bodies;
using AkkaScale.Gateway.Routing;
using Microsoft.AspNetCore.Http;

namespace AkkaScale.Gateway.Resources;

/// <summary>Routes of users.</summary>
internal static class UserRoutes
{
    public static readonly Resource Resource = new(
        UserEntity.Kind, "users", UserJson.Default.UserCommand, new GetUser(), command => UserEntity.Validate((UserCommand)command));

    private static readonly BodyShape Registration =
        new(BodyField.Text("name", Limits.NameLength), BodyField.Text("email", Limits.EmailLength).Optional());

    private static readonly BodyShape NewName = new(BodyField.Text("name", Limits.NameLength));

    public static IEnumerable<Route> All { get; } =
    [
        new ReadRoute("/users/{id}", "Show a user.", Resource),
        new CommandRoute(HttpMethods.Put, "/users/{id}", "Register a user.", Resource, Registration, Register) { Creates = true },
        new CommandRoute(HttpMethods.Post, "/users", "Register a user under an id that is made.", Resource, Registration, Register)
        {
            Creates = true,
            MakesId = true,
        },
        new CommandRoute(
            HttpMethods.Post, "/users/{id}/rename", "Rename a user.", Resource, NewName, from => new RenameUser(from.Body.Text("name"))),
    ];

    private static RegisterUser Register(CommandSource from) => new(from.Body.Text("name"), from.Body.OptionalText("email"));
}
