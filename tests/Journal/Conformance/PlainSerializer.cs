using System.Text;
using Akka.Actor;
using Akka.Serialization;

namespace AkkaScale.Tests.Journal.Conformance;

/// <summary>The older kind of serializer: it wants the type back, so the journal stores the type's name.</summary>
public sealed class PlainSerializer(ExtendedActorSystem system) : Serializer(system)
{
    public const int Id = 9302;

    public override int Identifier => Id;

    public override bool IncludeManifest => true;

    public override byte[] ToBinary(object obj) => Encoding.UTF8.GetBytes(((Plain)obj).Text);

    public override object FromBinary(byte[] bytes, Type type) => type == typeof(Plain)
        ? new Plain(Encoding.UTF8.GetString(bytes))
        : throw new ArgumentException($"Asked for a {type}.");
}
