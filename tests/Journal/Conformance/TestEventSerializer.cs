using System.Text;
using Akka.Actor;
using Akka.Serialization;

namespace AkkaScale.Tests.Journal.Conformance;

public sealed class TestEventSerializer(ExtendedActorSystem system) : SerializerWithStringManifest(system)
{
    public const int Id = 9301;

    public static string Settings { get; } =
        $$"""
        akka.actor {
          serializers { noted = "{{Name<TestEventSerializer>()}}", plain = "{{Name<PlainSerializer>()}}" }
          serialization-bindings {
            "{{Name<Noted>()}}" = noted
            "{{Name<Renamed>()}}" = noted
            "{{Name<Pointing>()}}" = noted
            "{{Name<Notebook>()}}" = noted
            "{{Name<Unwritable>()}}" = noted
            "{{Name<Unreadable>()}}" = noted
            "{{Name<Plain>()}}" = plain
          }
        }

        """;

    public override int Identifier => Id;

    public override string Manifest(object o) => o switch
    {
        Noted => "noted@2",
        Renamed => "noted@1",
        Pointing => "pointing@1",
        Notebook => "notebook@1",
        Unwritable => "unwritable@1",
        Unreadable => "unreadable@1",
        _ => throw new ArgumentException($"Not an event of these tests: {o}"),
    };

    public override byte[] ToBinary(object obj) => obj switch
    {
        Noted noted => Encoding.UTF8.GetBytes(noted.Text),
        Renamed renamed => Encoding.UTF8.GetBytes(renamed.Text),
        Pointing pointing => Encoding.UTF8.GetBytes(Akka.Serialization.Serialization.SerializedActorPath(pointing.Target)),
        Notebook notebook => Encoding.UTF8.GetBytes(notebook.Text),
        Unreadable => [1],
        _ => throw new NotSupportedException("It cannot be written."),
    };

    public override object FromBinary(byte[] bytes, string manifest) => manifest switch
    {
        "noted@2" => new Noted(Encoding.UTF8.GetString(bytes)),
        "noted@1" => new Renamed(Encoding.UTF8.GetString(bytes)),
        "pointing@1" => new Pointing(system.Provider.ResolveActorRef(Encoding.UTF8.GetString(bytes))),
        "notebook@1" => new Notebook(Encoding.UTF8.GetString(bytes)),
        _ => throw new NotSupportedException($"{manifest} cannot be read."),
    };

    internal static string Name<T>() => $"{typeof(T).FullName}, {typeof(T).Assembly.GetName().Name}";
}
