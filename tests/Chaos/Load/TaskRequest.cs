using AkkaScale.Gateway.Ids;

namespace AkkaScale.Tests.Chaos.Load;

/// <summary>One operation of a client, before it is sent: the same for all its attempts.</summary>
/// <param name="Key">Null for reads.</param>
/// <param name="ChangesNothing">A command whose success leaves no event.</param>
internal sealed record TaskRequest(string Entity, string User, HttpMethod Method, string Path, string? Body, Guid? Key, long? ExpectedVersion, bool ChangesNothing)
{
    public const string Project = "chaos";

    /// <summary>As the gateway derives it from entity, user and key.</summary>
    public Guid? CommandId => Key is { } key ? CommandIdOf(Entity, User, key) : null;

    public static TaskRequest Create(string entity, string user, Guid key) =>
        new(entity, user, HttpMethod.Put, $"/tasks/{entity}", $$"""{"project":"{{Project}}","title":"{{CommandIdOf(entity, user, key)}}"}""", key, null, false);

    public static TaskRequest Read(string entity, string user) => new(entity, user, HttpMethod.Get, $"/tasks/{entity}", null, null, null, false);

    public static TaskRequest Comment(string entity, string user, Guid key) =>
        Change(entity, user, key, "comment", $$"""{"text":"{{CommandIdOf(entity, user, key)}}"}""");

    public static TaskRequest Rename(string entity, string user, Guid key, long? expectedVersion) =>
        Change(entity, user, key, "rename", $$"""{"title":"{{CommandIdOf(entity, user, key)}}"}""") with { ExpectedVersion = expectedVersion };

    /// <summary>Refused when the task is done.</summary>
    public static TaskRequest Complete(string entity, string user, Guid key) => Change(entity, user, key, "complete", null);

    /// <param name="doneAt">A version at which the task was done: it is reopened, or it has gone on and the command is refused.</param>
    public static TaskRequest Reopen(string entity, string user, Guid key, long doneAt) =>
        Change(entity, user, key, "reopen", null) with { ExpectedVersion = doneAt };

    /// <summary>Nobody ever assigns a task here.</summary>
    public static TaskRequest Unassign(string entity, string user, Guid key) => Change(entity, user, key, "unassign", null) with { ChangesNothing = true };

    private static TaskRequest Change(string entity, string user, Guid key, string command, string? body) =>
        new(entity, user, HttpMethod.Post, $"/tasks/{entity}/{command}", body, key, null, false);

    private static Guid CommandIdOf(string entity, string user, Guid key) => DerivedId.OfCommand("task", entity, user, key.ToString());
}
