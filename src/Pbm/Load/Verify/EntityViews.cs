using System.Text.Json.Serialization;

namespace AkkaScale.Pbm.Load.Verify;

/// <summary>The members of the contract's answers that are compared; the others are ignored.</summary>
internal sealed record UserView(string Id, long Version, string Name);

internal sealed record ProjectView(string Id, long Version, string Name, string Owner, bool Archived, IReadOnlyList<MemberView> Members);

internal sealed record MemberView(string User, string Role);

internal sealed record TaskView(
    string Id, long Version, string Project, string Title, string Status, long CommentCount, string CreatedBy, string? Assignee = null);

internal sealed record CommentView(long Version, string Author, string Text);

internal sealed record CommentPage(IReadOnlyList<CommentView> Items, long? Next = null);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(UserView))]
[JsonSerializable(typeof(ProjectView))]
[JsonSerializable(typeof(TaskView))]
[JsonSerializable(typeof(CommentPage))]
internal sealed partial class EntityJson : JsonSerializerContext;
