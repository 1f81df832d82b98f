using System.Collections;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace AkkaScale.Domain.Projects;

/// <summary>
/// The members of a project, each user once, in ordinal order of user, equal by value; a JSON array of
/// <c>{user, role}</c>. A change copies the array: at a thousand members cheaper to hold and to read than a tree.
/// </summary>
[JsonConverter(typeof(JsonForm))]
public sealed class MemberList : IReadOnlyList<Member>, IEquatable<MemberList>
{
    private readonly Member[] _members;

    private MemberList(Member[] members) => _members = members;

    public static MemberList Empty { get; } = new([]);

    public int Count => _members.Length;

    public Member this[int index] => _members[index];

    public MemberRole? RoleOf(string user) => Find(user) is var index and >= 0 ? _members[index].Role : null;

    /// <summary>Adds the user or replaces the role.</summary>
    public MemberList With(string user, MemberRole role)
    {
        var index = Find(user);
        if (index < 0)
        {
            return new([.. _members[..~index], new Member(user, role), .. _members[~index..]]);
        }

        var changed = (Member[])_members.Clone();
        changed[index] = new Member(user, role);
        return new(changed);
    }

    public MemberList Without(string user) =>
        Find(user) is var index and >= 0 ? new([.. _members[..index], .. _members[(index + 1)..]]) : this;

    public bool Equals(MemberList? other) => other is not null && _members.AsSpan().SequenceEqual(other._members);

    public override bool Equals(object? obj) => Equals(obj as MemberList);

    public override int GetHashCode()
    {
        var hash = new HashCode();
        foreach (var member in _members)
        {
            hash.Add(member);
        }

        return hash.ToHashCode();
    }

    public override string ToString() => $"[{string.Join(", ", _members.Select(member => $"{member.User}: {member.Role}"))}]";

    public IEnumerator<Member> GetEnumerator() => ((IEnumerable<Member>)_members).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <returns>The index of the user, or the complement of the index where the user belongs.</returns>
    private int Find(string user)
    {
        int low = 0, high = _members.Length - 1;
        while (low <= high)
        {
            var middle = (low + high) / 2;
            var order = string.CompareOrdinal(_members[middle].User, user);
            if (order == 0)
            {
                return middle;
            }

            (low, high) = order < 0 ? (middle + 1, high) : (low, middle - 1);
        }

        return ~low;
    }

    internal sealed class JsonForm : JsonConverter<MemberList>
    {
        public override MemberList Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            var members = JsonSerializer.Deserialize(ref reader, ProjectJson.Default.MemberArray) ?? [];
            Array.Sort(members, static (left, right) => string.CompareOrdinal(left.User, right.User));
            for (var i = 1; i < members.Length; i++)
            {
                if (members[i].User == members[i - 1].User)
                {
                    throw new JsonException("A user is a member once.");
                }
            }

            return new(members);
        }

        public override void Write(Utf8JsonWriter writer, MemberList value, JsonSerializerOptions options) =>
            JsonSerializer.Serialize(writer, value._members, ProjectJson.Default.MemberArray);
    }
}
