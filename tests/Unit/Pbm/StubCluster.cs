using System.Text.Json;
using System.Text.Json.Nodes;

namespace AkkaScale.Tests.Unit.Pbm;

/// <summary>Enough of the HTTP contract, in memory and written apart from pbm's model, to be loaded and to be wrong on demand.</summary>
public sealed class StubCluster
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, JsonObject> _entities = [];
    private readonly Dictionary<string, List<JsonObject>> _comments = [];
    private readonly Dictionary<(string Entity, string? User, string Key), (int Status, string? Code, long Version, string Body)> _results = [];

    /// <summary>Changes what a read says; the argument is a copy.</summary>
    public Action<string, JsonObject>? Lie { get; set; }

    /// <summary>Where true, the command is acknowledged as usual and forgotten.</summary>
    public Func<StubRequest, bool>? Forget { get; set; }

    public JsonObject? Entity(string entity)
    {
        lock (_lock)
        {
            return _entities.GetValueOrDefault(entity);
        }
    }

    public (int Status, JsonObject Body, bool Replayed) Apply(StubRequest request, long after, int limit)
    {
        lock (_lock)
        {
            if (request.Method == "GET")
            {
                var (status, body) = Read(request, after, limit);
                return (status, body, false);
            }

            var key = (request.Entity, request.User, request.Key ?? throw new InvalidOperationException("no key"));
            if (_results.TryGetValue(key, out var first))
            {
                return first.Body == request.Body
                    ? (first.Status, Answer(request.Entity, first.Code, first.Version, first.Status), true)
                    : (409, Problem(409, "idempotency/payload-differs", first.Version), false);
            }

            var (outcome, code) = Change(request);
            var version = _entities.TryGetValue(request.Entity, out var entity) ? (long)entity["version"]! : 0;
            _results.Add(key, (outcome, code, version, request.Body));
            return (outcome, Answer(request.Entity, code, version, outcome), false);
        }
    }

    private static JsonObject Answer(string entity, string? code, long version, int status) =>
        code is null
            ? new JsonObject { ["id"] = entity[(entity.IndexOf('/') + 1)..], ["nested"] = new JsonObject { ["version"] = -1 }, ["version"] = version }
            : Problem(status, code, version);

    private static JsonObject Problem(int status, string code, long version) =>
        new() { ["type"] = $"urn:{code}", ["status"] = status, ["code"] = code, ["version"] = version };

    private (int Status, JsonObject Body) Read(StubRequest request, long after, int limit)
    {
        if (!_entities.TryGetValue(request.Entity, out var entity))
        {
            return (404, Problem(404, $"{Kind(request.Entity)}/not-found", 0));
        }

        if (request.Verb == "comments")
        {
            var later = _comments[request.Entity].Where(comment => (long)comment["version"]! > after).ToList();
            var items = later.Take(limit).Select(comment => comment.DeepClone()).ToArray();
            var page = new JsonObject { ["items"] = new JsonArray(items) };
            if (later.Count > limit)
            {
                page["next"] = (long)later[limit - 1]["version"]!;
            }

            Lie?.Invoke($"{request.Entity}/comments", page);
            return (200, page);
        }

        var copy = (JsonObject)entity.DeepClone();
        Lie?.Invoke(request.Entity, copy);
        return (200, copy);
    }

    private (int Status, string? Code) Change(StubRequest request)
    {
        var body = request.Body.Length == 0 ? [] : JsonNode.Parse(request.Body)!.AsObject();
        var exists = _entities.TryGetValue(request.Entity, out var entity);
        if (request.Method == "PUT")
        {
            return Put(request, body, exists ? entity : null);
        }

        if (!exists)
        {
            return (404, "task/not-found");
        }

        var isDone = (string)entity!["status"]! == "done";
        if (request.Verb is "move" or "rename" or "complete" && isDone)
        {
            return (409, "task/already-done");
        }

        if (Forget?.Invoke(request) == true)
        {
            // The version is what a correct cluster would have said.
            entity["version"] = (long)entity["version"]! + 1;
            return (200, null);
        }

        var version = (long)entity["version"]! + 1;
        switch (request.Verb)
        {
            case "comment":
                entity["commentCount"] = (int)entity["commentCount"]! + 1;
                _comments[request.Entity].Add(new JsonObject { ["version"] = version, ["author"] = request.User, ["text"] = (string)body["text"]!, ["at"] = "2026-01-01T00:00:00Z" });
                break;
            case "move":
                entity["project"] = (string)body["project"]!;
                break;
            case "rename":
                entity["title"] = (string)body["title"]!;
                break;
            case "complete":
                entity["status"] = "done";
                break;
            default:
                return (404, "request/no-such-route");
        }

        entity["version"] = version;
        return (200, null);
    }

    private (int Status, string? Code) Put(StubRequest request, JsonObject body, JsonObject? present)
    {
        if (present is not null)
        {
            return body.All(member => JsonNode.DeepEquals(member.Value, present[member.Key]))
                ? (200, null)
                : (409, $"{Kind(request.Entity)}/exists");
        }

        if (Kind(request.Entity) == "task" && !_entities.ContainsKey($"project/{(string)body["project"]!}"))
        {
            return (404, "project/not-found");
        }

        var entity = new JsonObject { ["id"] = request.Entity[(request.Entity.IndexOf('/') + 1)..], ["version"] = 1L };
        foreach (var member in body)
        {
            entity[member.Key] = member.Value!.DeepClone();
        }

        switch (Kind(request.Entity))
        {
            case "project":
                entity["archived"] = false;
                entity["members"] = new JsonArray(new JsonObject { ["user"] = (string)body["owner"]!, ["role"] = "owner" });
                break;
            case "task":
                entity["status"] = "open";
                entity["commentCount"] = 0;
                entity["createdBy"] = request.User;
                entity["assignee"] = null;
                _comments[request.Entity] = [];
                break;
        }

        _entities.Add(request.Entity, entity);
        return (201, null);
    }

    private static string Kind(string entity) => entity[..entity.IndexOf('/')];
}
