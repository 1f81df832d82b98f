using AkkaScale.Pbm.Invocation;

namespace AkkaScale.Pbm.Entities;

/// <summary>An entity as people write it: kind/id. The id may hold anything but a slash; it is encoded for the path.</summary>
internal readonly record struct EntityAddress(string Kind, string Id)
{
    public string Path => $"{Uri.EscapeDataString(Kind)}/{Uri.EscapeDataString(Id)}";

    /// <exception cref="UsageException">Not of that form.</exception>
    public static EntityAddress Parse(string text)
    {
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        if (slash <= 0 || slash == text.Length - 1 || text.IndexOf('/', slash + 1) >= 0)
        {
            throw new UsageException($"{text} is not an entity such as task/t-1");
        }

        return new EntityAddress(text[..slash], text[(slash + 1)..]);
    }

    public override string ToString() => $"{Kind}/{Id}";
}
