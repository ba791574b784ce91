// swift-tools-version:6.0
// The Swift package. The library itself is built by cargo; scripts/swift.sh tells the linker where it is.
import PackageDescription

let package = Package(
    name: "Chartkeeper",
    platforms: [.macOS(.v13), .iOS(.v16)],
    products: [.library(name: "Chartkeeper", targets: ["Chartkeeper"])],
    targets: [
        .systemLibrary(name: "ChartkeeperFFI"),
        .target(name: "Chartkeeper", dependencies: ["ChartkeeperFFI"]),
        .testTarget(name: "ChartkeeperTests", dependencies: ["Chartkeeper"]),
    ]
)
