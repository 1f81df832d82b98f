namespace AkkaScale.Entities;

/// <summary>Which entity: a declared kind name and an id of 1 to 255 Unicode scalar values in NFC. Compared ordinally.</summary>
public readonly record struct EntityKey(string Kind, string Id)
{
    public override string ToString() => $"{Kind}/{Id}";
}
